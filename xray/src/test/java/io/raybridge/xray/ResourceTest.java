package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ResourceTest {
  private static final String AWS = "cloud.provider";
  private static final String PLATFORM = "cloud.platform";

  static Stream<Arguments> origins() {
    return Stream.of(
        argumentSet("EC2", "AWS::EC2::Instance", Map.of(AWS, "aws", PLATFORM, "aws_ec2")),
        argumentSet("ECS", "AWS::ECS::Container", Map.of(AWS, "aws", PLATFORM, "aws_ecs")),
        argumentSet(
            "ECS on EC2",
            "AWS::ECS::EC2",
            Map.of(PLATFORM, "aws_ecs", "aws.ecs.launchtype", "ec2")),
        argumentSet(
            "Fargate",
            "AWS::ECS::Fargate",
            Map.of(PLATFORM, "aws_ecs", "aws.ecs.launchtype", "fargate")),
        argumentSet(
            "ECS by its task, though EC2's detector came last",
            "AWS::ECS::Container",
            Map.of(AWS, "aws", PLATFORM, "aws_ec2", "aws.ecs.task.arn", "arn:x")),
        argumentSet("EKS", "AWS::EKS::Container", Map.of(AWS, "aws", PLATFORM, "aws_eks")),
        argumentSet(
            "EKS by its pod, though EC2's detector came last",
            "AWS::EKS::Container",
            Map.of(AWS, "aws", PLATFORM, "aws_ec2", "k8s.pod.name", "p-1")),
        argumentSet(
            "Beanstalk",
            "AWS::ElasticBeanstalk::Environment",
            Map.of(PLATFORM, "aws_elastic_beanstalk")),
        argumentSet("App Runner", "AWS::AppRunner::Service", Map.of(PLATFORM, "aws_app_runner")),
        argumentSet("Lambda", "AWS::Lambda::Function", Map.of(PLATFORM, "aws_lambda")),
        argumentSet("a pod somewhere", "", Map.of("k8s.pod.name", "p-1")),
        argumentSet("another cloud", "", Map.of(AWS, "gcp", PLATFORM, "aws_ec2")),
        argumentSet("another platform", "", Map.of(AWS, "aws", PLATFORM, "else")),
        argumentSet("nothing", "", Map.of()));
  }

  @ParameterizedTest
  @MethodSource("origins")
  void platform_decidesTheOrigin(String origin, Map<String, ?> resource) {
    Otlp otlp = Otlp.server();
    resource.forEach(otlp::resource);

    assertThat(otlp.document().path("origin").asString("")).isEqualTo(origin);
  }

  @Test
  void ecs_isDescribed() {
    JsonNode aws =
        Otlp.server()
            .resource(AWS, "aws")
            .resource(PLATFORM, "aws_ecs")
            .resource("cloud.account.id", "123456789012")
            .resource("cloud.availability_zone", "us-east-1b")
            .resource("container.name", "web")
            .resource("container.id", "c1")
            .resource("aws.ecs.container.arn", "arn:c")
            .resource("aws.ecs.task.arn", "arn:t")
            .resource("aws.ecs.task.family", "shop")
            .resource("aws.ecs.cluster.arn", "arn:k")
            .resource("aws.ecs.launchtype", "fargate")
            .document()
            .path("aws");

    assertThat(aws.path("account_id").asString()).isEqualTo("123456789012");
    assertThat(aws.path("ecs"))
        .isEqualTo(
            Otlp.parse(
                """
                {"container": "web", "container_id": "c1", "container_arn": "arn:c",
                 "task_arn": "arn:t", "task_family": "shop", "cluster_arn": "arn:k",
                 "launch_type": "fargate", "availability_zone": "us-east-1b"}\
                """));
    assertThat(aws.has("ec2")).isFalse();
  }

  @Test
  void podOnAnInstance_isDescribedByBoth() {
    JsonNode aws =
        Otlp.server()
            .resource(AWS, "aws")
            .resource("k8s.cluster.name", "prod")
            .resource("k8s.pod.name", "p-1")
            .resource("container.id", "c1")
            .resource("host.id", "i-0123456789abcdef0")
            .resource("host.type", "m6i.large")
            .resource("host.image.id", "ami-1")
            .resource("cloud.availability_zone", "us-east-1b")
            .document()
            .path("aws");

    assertThat(aws.path("eks"))
        .isEqualTo(
            Otlp.parse("{\"cluster_name\": \"prod\", \"pod\": \"p-1\", \"container_id\": \"c1\"}"));
    assertThat(aws.path("ec2"))
        .isEqualTo(
            Otlp.parse(
                """
                {"instance_id": "i-0123456789abcdef0", "availability_zone": "us-east-1b",
                 "instance_size": "m6i.large", "ami_id": "ami-1"}\
                """));
  }

  @Test
  void machineId_isNoInstanceId() {
    JsonNode aws = Otlp.server().resource("host.id", "b9f2c0").document().path("aws");

    assertThat(aws.has("ec2")).isFalse();
  }

  @Test
  void beanstalk_isDescribed() {
    JsonNode beanstalk =
        Otlp.server()
            .resource(PLATFORM, "aws_elastic_beanstalk")
            .resource("service.namespace", "env")
            .resource("service.instance.id", "32")
            .resource("service.version", "v7")
            .document()
            .at("/aws/elastic_beanstalk");

    assertThat(beanstalk)
        .isEqualTo(
            Otlp.parse(
                """
                {"environment_name": "env", "version_label": "v7", "deployment_id": 32}\
                """));
  }

  @Test
  void lambda_hasItsArn() {
    JsonNode document =
        Otlp.server()
            .resource(PLATFORM, "aws_lambda")
            .resource("cloud.resource_id", "arn:aws:lambda:us-east-1:1:function:f")
            .document();

    assertThat(document.path("resource_arn").asString())
        .isEqualTo("arn:aws:lambda:us-east-1:1:function:f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cloud.resource_id", "faas.id"})
  void lambdaWhoseInvocationsSayWhich_hasItsArn(String key) {
    JsonNode document =
        Otlp.server()
            .resource(PLATFORM, "aws_lambda")
            .with(key, "arn:aws:lambda:us-east-1:1:function:f")
            .document();

    assertThat(document.path("resource_arn").asString())
        .isEqualTo("arn:aws:lambda:us-east-1:1:function:f");
    assertThat(document.at("/metadata/default").has(key)).isFalse();
    assertThat(document.at("/metadata/default").has("otel.resource.cloud.platform")).isTrue();
  }

  @Test
  void arnOfAnotherPlatformsSpan_isMetadata() {
    JsonNode document = Otlp.server().with("cloud.resource_id", "arn").document();

    assertThat(document.has("resource_arn")).isFalse();
    assertThat(document.at("/metadata/default/cloud.resource_id").asString()).isEqualTo("arn");
  }

  @Test
  void sdkAndVersion_areTold() {
    JsonNode document =
        Otlp.server()
            .resource("telemetry.sdk.name", "opentelemetry")
            .resource("telemetry.sdk.language", "java")
            .resource("telemetry.sdk.version", "1.67.0")
            .resource("telemetry.distro.version", "2.33.0")
            .resource("service.version", "1.4.2")
            .document();

    assertThat(document.at("/aws/xray"))
        .isEqualTo(
            Otlp.parse(
                """
                {"sdk": "opentelemetry for java", "sdk_version": "1.67.0",
                 "auto_instrumentation": true}\
                """));
    assertThat(document.at("/service/version").asString()).isEqualTo("1.4.2");
  }

  @Test
  void imagesFirstTag_isTheVersionWhereTheServiceTellsNone() {
    Otlp image =
        Otlp.server()
            .resource("container.image.tag", "v6")
            .resource("container.image.tags", List.of("v7", "latest"));

    assertThat(image.document().at("/service/version").asString()).isEqualTo("v7");
    assertThat(
            image.resource("service.version", "1.2").document().at("/service/version").asString())
        .isEqualTo("1.2");
    assertThat(Otlp.server().resource("container.image.tags", List.of()).document().has("service"))
        .isFalse();
  }

  @Test
  void logGroups_areArnsThenNamesThenTheConfigured() {
    String arn = "arn:aws:logs:us-east-1:1:log-group:/shop/web:*";
    Otlp configured = Otlp.server();
    configured.config(
        new TranslationConfig(
            false, List.of(), List.of("fallback"), TranslationConfig.EpochCheck.OFF, false, true));

    assertThat(groups(configured)).isEqualTo(Otlp.parse("[{\"log_group\": \"fallback\"}]"));
    configured.resource("aws.log.group.names", "a&b&&");
    assertThat(groups(configured))
        .isEqualTo(Otlp.parse("[{\"log_group\": \"a\"}, {\"log_group\": \"b\"}]"));
    configured.resource("aws.log.group.arns", List.of(arn));
    assertThat(groups(configured))
        .isEqualTo(Otlp.parse("[{\"log_group\": \"/shop/web\", \"arn\": \"" + arn + "\"}]"));
  }

  @Test
  void logGroupsThatNameNothing_giveWayToTheNextSource() {
    Otlp configured = Otlp.server().resource("aws.log.group.arns", List.of());
    configured.config(
        new TranslationConfig(
            false, List.of(), List.of("fallback"), TranslationConfig.EpochCheck.OFF, false, true));
    configured.resource("aws.log.group.names", "&");

    assertThat(groups(configured)).isEqualTo(Otlp.parse("[{\"log_group\": \"fallback\"}]"));
    assertThat(
            Otlp.server()
                .resource("aws.log.group.names", "&&")
                .document()
                .at("/aws")
                .propertyNames())
        .containsExactly("xray");
  }

  @Test
  void subsegment_tellsNothingOfWhereItsServiceRuns() {
    JsonNode document =
        Otlp.client().resource(PLATFORM, "aws_ecs").resource("service.version", "1").document();

    assertThat(document.propertyNames()).doesNotContain("origin", "service", "aws");
    assertThat(document.at("/metadata/default").isMissingNode()).isTrue();
  }

  @Test
  void anotherResourceInTheSameRequest_isNotMistakenForTheFirst() {
    Otlp first = Otlp.server().resource("k", "1");
    Otlp second = Otlp.server().resource("k", "2");
    second
        .request
        .getResourceSpansBuilder(0)
        .getResourceBuilder()
        .getAttributesBuilder(0)
        .getValueBuilder()
        .setStringValue("other");
    first.request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).addSpans(first.span);
    second.request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).addSpans(second.span);
    first.request.addResourceSpans(second.request.getResourceSpans(0));
    first.request.addResourceSpans(first.request.getResourceSpans(0));

    assertThat(first.documents(first.request.build().toByteArray()))
        .extracting(
            document -> document.path("name").asString(),
            document -> document.at("/metadata/default/otel.resource.k").asString())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("shop", "1"),
            org.assertj.core.groups.Tuple.tuple("other", "2"),
            org.assertj.core.groups.Tuple.tuple("shop", "1"));
  }

  private static JsonNode groups(Otlp otlp) {
    return otlp.document().at("/aws/cloudwatch_logs");
  }
}
