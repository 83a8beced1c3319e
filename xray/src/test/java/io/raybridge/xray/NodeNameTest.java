package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class NodeNameTest {
  static Stream<Arguments> calls() {
    return Stream.of(
        argumentSet(
            "peer.service", "stock", Map.of("peer.service", "stock", "url.full", "http://x/")),
        argumentSet(
            "remote service", "stock", Map.of("aws.remote.service", "stock", "peer.service", "x")),
        argumentSet(
            "remote service of AWS",
            "DynamoDB",
            Map.of("aws.remote.service", "AWS::DynamoDB", "rpc.system", "aws-api")),
        argumentSet(
            "remote service of an older ADOT",
            "SQS",
            Map.of("aws.remote.service", "AWS.SDK.SQS", "rpc.system", "aws-api")),
        argumentSet(
            "remote service that only looks like AWS",
            "AWS::DynamoDB",
            Map.of("aws.remote.service", "AWS::DynamoDB")),
        argumentSet(
            "ADOT's name for every PostgreSQL",
            "shop@db.example.com",
            Map.of(
                "aws.remote.service", "postgresql",
                "db.system", "postgresql",
                "db.name", "shop",
                "net.peer.name", "db.example.com")),
        argumentSet(
            "ADOT's name for every topic",
            "orders",
            Map.of(
                "aws.remote.service", "kafka",
                "messaging.system", "kafka",
                "messaging.destination.name", "orders")),
        argumentSet(
            "ADOT's name where there is no topic",
            "kafka",
            Map.of("aws.remote.service", "kafka", "messaging.system", "kafka")),
        argumentSet(
            "SQS by another library than an AWS SDK's",
            "SQS",
            Map.of(
                "messaging.system", "aws.sqs",
                "messaging.destination", "orders",
                "messaging.url", "https://sqs.us-east-1.amazonaws.com/1/orders")),
        argumentSet(
            "SQS of no known queue",
            "orders",
            Map.of("messaging.system", "aws_sqs", "messaging.destination.name", "orders")),
        argumentSet("Python's boto", "DynamoDB", aws("DynamoDB")),
        argumentSet("Java's SDK 2", "DynamoDB", aws("DynamoDb")),
        argumentSet("Java's SDK 1", "DynamoDB", aws("AmazonDynamoDBv2")),
        argumentSet("Java's SQS", "SQS", aws("Sqs")),
        argumentSet("with a space", "SecretsManager", aws("Secrets Manager")),
        argumentSet("unknown to us with spaces", "CognitoSync", aws("Cognito Sync")),
        argumentSet("Step Functions by Python and Node", "StepFunctions", aws("SFN")),
        argumentSet("Step Functions by Java", "StepFunctions", aws("AWSStepFunctions")),
        argumentSet(
            "Step Functions by ADOT",
            "StepFunctions",
            Map.of("aws.remote.service", "AWS::StepFunctions", "rpc.system", "aws-api")),
        argumentSet(
            "ADOT's spelling of what Java sends",
            "KMS",
            Map.of("aws.remote.service", "AWS::Kms", "rpc.system", "aws-api")),
        argumentSet("Java's SSM", "SSM", aws("AWSSimpleSystemsManagement")),
        argumentSet("Java's STS", "STS", aws("AWSSecurityTokenService")),
        argumentSet("Java's Firehose", "Firehose", aws("AmazonKinesisFirehose")),
        argumentSet("Java's logs", "CloudWatchLogs", aws("AWSLogs")),
        argumentSet("Python's logs", "CloudWatchLogs", aws("CloudWatch Logs")),
        argumentSet("Java's old S3", "S3", aws("Amazon S3")),
        argumentSet("unknown to us", "Braket", aws("Braket")),
        argumentSet(
            "RPC's newer names",
            "DynamoDB",
            Map.of("rpc.system.name", "aws-api", "rpc.method", "DynamoDb/GetItem")),
        argumentSet(
            "old database with connection string",
            "shop@db.example.com",
            Map.of(
                "db.system", "postgresql",
                "db.name", "shop",
                "db.connection_string", "jdbc:postgresql://db.example.com:5432",
                "net.peer.name", "other")),
        argumentSet(
            "old database with peer",
            "shop@db.example.com",
            Map.of(
                "db.system", "postgresql", "db.name", "shop", "net.peer.name", "db.example.com")),
        argumentSet(
            "old database with the socket's name",
            "redis@cache.example.com",
            Map.of(
                "db.system", "redis",
                "net.sock.peer.name", "cache.example.com",
                "net.sock.peer.addr", "10.0.0.5")),
        argumentSet(
            "stable database",
            "shop@db.example.com",
            Map.of(
                "db.system.name", "postgresql",
                "db.namespace", "shop",
                "server.address", "db.example.com",
                "server.port", 5432)),
        argumentSet(
            "database with schema",
            "shop@db.example.com",
            Map.of(
                "db.system.name", "postgresql",
                "db.namespace", "shop|public",
                "server.address", "db.example.com")),
        argumentSet(
            "Redis by number",
            "redis@10.0.0.5",
            Map.of("db.system.name", "redis", "db.namespace", "0", "server.address", "10.0.0.5")),
        argumentSet(
            "H2 in memory",
            "shop",
            Map.of("db.system", "h2", "db.name", "shop", "db.connection_string", "h2:mem:")),
        argumentSet("database of no name", "sqlite", Map.of("db.system", "sqlite")),
        argumentSet(
            "topic",
            "orders",
            Map.of(
                "messaging.system",
                "kafka",
                "messaging.destination.name",
                "orders",
                "net.peer.name",
                "broker")),
        argumentSet(
            "topic of a consumer of old",
            "orders",
            Map.of("messaging.system", "kafka", "messaging.source.name", "orders")),
        argumentSet(
            "GenAI",
            "openai",
            Map.of("gen_ai.provider.name", "openai", "server.address", "api.openai.com")),
        argumentSet(
            "gRPC", "shop.Payment", Map.of("rpc.system", "grpc", "rpc.service", "shop.Payment")),
        argumentSet(
            "gRPC's newer names",
            "shop.Payment",
            Map.of("rpc.system.name", "grpc", "rpc.method", "shop.Payment/Charge")),
        argumentSet("old host", "a.b:8080", Map.of("http.host", "a.b:8080", "http.method", "GET")),
        argumentSet(
            "old host with the port beside it",
            "a.b:8080",
            Map.of("http.host", "a.b", "net.peer.port", 8080)),
        argumentSet("old host with http's port", "a.b", Map.of("http.host", "a.b:80")),
        argumentSet("old peer", "a.b", Map.of("net.peer.name", "a.b", "net.peer.port", 443)),
        argumentSet(
            "old peer with port",
            "a.b:8080",
            Map.of("net.peer.name", "a.b", "net.peer.port", 8080)),
        argumentSet(
            "Python's port in the peer, too",
            "a.b:8080",
            Map.of("net.peer.name", "a.b:8080", "server.port", 8080)),
        argumentSet("stable", "a.b:8080", Map.of("server.address", "a.b", "server.port", 8080)),
        argumentSet("url alone", "a.b:8080", Map.of("http.url", "http://u:p@a.b:8080/c?d@e:9")),
        argumentSet("url with https's port", "a.b", Map.of("url.full", "https://a.b:443/")),
        argumentSet("address alone", "10.0.0.9", Map.of("network.peer.address", "10.0.0.9")),
        argumentSet("nothing", "span name", Map.of()));
  }

  private static Map<String, Object> aws(String service) {
    return Map.of("rpc.system", "aws-api", "rpc.service", service, "rpc.method", "X");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void call_isNamedAfterWhatItCalls(String name, Map<String, ?> attributes) {
    assertThat(Otlp.client().withAll(attributes).document().path("name").asString())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "DynamoDb.PutItem, DynamoDB, PutItem",
    "Sns.Publish, SNS, Publish",
    "a shop.PutItem, a.b, ''",
    "DynamoDb., a.b, ''",
    ".PutItem, a.b, ''",
    "DynamoDb, a.b, ''"
  })
  void awsCallThatSaysItsServiceInTheSpansNameOnly_isNamedAfterIt(
      String spanName, String name, String operation) {
    JsonNode document =
        Otlp.client()
            .name(spanName)
            .with("rpc.system.name", "aws-api")
            .with("server.address", "a.b")
            .document();

    assertThat(document.path("name").asString()).isEqualTo(name);
    assertThat(document.at("/aws/operation").asString("")).isEqualTo(operation);
  }

  @Test
  void oneHttpTargetOfThreeGenerations_isOneNode() {
    var stable =
        Otlp.client()
            .with("url.full", "http://stock:8080/a")
            .with("server.address", "stock")
            .with("server.port", 8080);
    var old = Otlp.client().with("http.url", "http://stock:8080/a");
    var older = Otlp.client().with("http.host", "stock:8080").with("http.target", "/a");

    assertThat(Stream.of(stable, old, older).map(otlp -> otlp.document().path("name").asString()))
        .containsOnly("stock:8080");
  }

  @Test
  void serverSpan_isNamedAfterItsServiceWhateverItCarries() {
    JsonNode document =
        Otlp.server().with("peer.service", "caller").with("db.name", "x").document();

    assertThat(document.path("name").asString()).isEqualTo("shop");
  }

  @Test
  void serverSpanOfAnAdotSdk_isNamedAsThatSays() {
    assertThat(Otlp.server().with("aws.local.service", "front").document().path("name").asString())
        .isEqualTo("front");
  }

  @Test
  void serverSpanWithoutServiceName_isNamedAfterHostOrSpan() {
    var hosted = new Otlp().kind(SpanKind.SPAN_KIND_SERVER).with("http.host", "a.b");
    var bare = new Otlp().kind(SpanKind.SPAN_KIND_SERVER);

    assertThat(hosted.document().path("name").asString()).isEqualTo("a.b");
    assertThat(bare.document().path("name").asString()).isEqualTo("span name");
  }

  @Test
  void internalSpan_keepsItsName() {
    JsonNode document =
        Otlp.of(SpanKind.SPAN_KIND_INTERNAL).with("server.address", "a.b").document();

    assertThat(document.path("name").asString()).isEqualTo("span name");
    assertThat(document.has("namespace")).isFalse();
  }

  @Test
  void spansOwnName_isKeptInMetadataWhereTheNodeHasAnother() {
    assertThat(Otlp.server().document().at("/metadata/otel/name").asString())
        .isEqualTo("span name");
    assertThat(
            Otlp.of(SpanKind.SPAN_KIND_INTERNAL)
                .document()
                .at("/metadata/otel/name")
                .isMissingNode())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a/{id}, GET /a/id",
    "what? $5 <b>!, what 5 b",
    "Größe/漢字, Größe/漢字",
    "a\\b, a\\b",
    "{}, span",
    "'', span",
    "😀, span"
  })
  void charactersThatXRayRefuses_areLeftOut(String spanName, String name) {
    assertThat(
            Otlp.of(SpanKind.SPAN_KIND_INTERNAL).name(spanName).document().path("name").asString())
        .isEqualTo(name);
  }

  @Test
  void longName_isCutAtACharacter() {
    String name = "é".repeat(300);

    assertThat(Otlp.of(SpanKind.SPAN_KIND_INTERNAL).name(name).document().path("name").asString())
        .isEqualTo("é".repeat(200));
    assertThat(Otlp.server().service("s".repeat(999)).document().has("name")).isTrue();
  }

  @Test
  void awsServiceWithoutRpcSystem_isAnAwsCall() {
    JsonNode document = Otlp.client().with("aws.service", "S3").document();

    assertThat(document.path("namespace").asString()).isEqualTo("aws");
    assertThat(document.path("name").asString()).isEqualTo("S3");
  }
}
