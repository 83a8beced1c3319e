package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class AwsBlockTest {
  static Stream<Arguments> members() {
    return Stream.of(
        argumentSet("operation", "operation", "GetItem", Map.of("aws.operation", "GetItem")),
        argumentSet(
            "operation before method",
            "operation",
            "GetItem",
            Map.of("aws.operation", "GetItem", "rpc.method", "DynamoDB/GetItem")),
        argumentSet("method", "operation", "GetItem", Map.of("rpc.method", "GetItem")),
        argumentSet(
            "full method", "operation", "GetItem", Map.of("rpc.method", "DynamoDB/GetItem")),
        argumentSet("account", "account_id", "1", Map.of("aws.account_id", "1")),
        argumentSet("region", "region", "eu-west-1", Map.of("aws.region", "eu-west-1")),
        argumentSet("cloud region", "region", "eu-west-1", Map.of("cloud.region", "eu-west-1")),
        argumentSet("request id", "request_id", "R", Map.of("aws.request_id", "R")),
        argumentSet("request id of old", "request_id", "R", Map.of("aws.requestId", "R")),
        argumentSet("Node's request id", "request_id", "R", Map.of("aws.request.id", "R")),
        argumentSet("S3's other id", "id_2", "R", Map.of("aws.extended_request_id", "R")),
        argumentSet("queue", "queue_url", "q", Map.of("aws.queue_url", "q")),
        argumentSet("queue of old", "queue_url", "q", Map.of("aws.queue.url", "q")),
        argumentSet("queue of late", "queue_url", "q", Map.of("aws.sqs.queue.url", "q")),
        argumentSet("messaging url", "queue_url", "q", Map.of("messaging.url", "q")),
        argumentSet("table", "table_name", "t", Map.of("aws.table_name", "t")),
        argumentSet("table of old", "table_name", "t", Map.of("aws.table.name", "t")),
        argumentSet(
            "one table", "table_name", "t", Map.of("aws.dynamodb.table_names", List.of("t"))),
        argumentSet(
            "one table as text", "table_name", "t", Map.of("aws.dynamodb.table_names", "t")),
        argumentSet("bucket", "bucket_name", "b", Map.of("aws.s3.bucket", "b")),
        argumentSet("bucket of old", "bucket_name", "b", Map.of("aws.bucket.name", "b")),
        argumentSet("key", "key", "k", Map.of("aws.s3.key", "k")),
        argumentSet("topic", "topic_arn", "arn:t", Map.of("aws.sns.topic.arn", "arn:t")),
        argumentSet("stream", "stream_name", "s", Map.of("aws.kinesis.stream_name", "s")),
        argumentSet("function", "function_name", "f", Map.of("faas.invoked_name", "f")),
        argumentSet("retries", "retries", "2", Map.of("http.request.resend_count", 2)));
  }

  @ParameterizedTest
  @MethodSource("members")
  void attributeOfAnAwsCall_isAMember(String member, String value, Map<String, ?> attributes) {
    JsonNode document = Otlp.client().with("rpc.system", "aws-api").withAll(attributes).document();

    assertThat(document.at("/aws/" + member).asString()).isEqualTo(value);
    assertThat(document.at("/metadata/default").propertyNames()).containsExactly("rpc.system");
  }

  @ParameterizedTest
  @CsvSource({
    "server.address, http://sqs/1/orders, http://sqs/1/orders",
    "server.address, sqs.us-east-1.amazonaws.com, ''",
    "url.full, http://sqs/1/orders, http://sqs/1/orders",
    "url.full, http://sqs/, ''",
    "url.full, orders, ''"
  })
  void queueWhereAnotherUrlShouldBe_isFound(String key, String value, String queue) {
    JsonNode document =
        Otlp.client()
            .with("rpc.system", "aws-api")
            .with("messaging.system", "aws_sqs")
            .with("messaging.destination.name", "orders")
            .with(key, value)
            .document();

    assertThat(document.at("/aws/queue_url").asString("")).isEqualTo(queue);
  }

  @Test
  void queueOfAnotherLibraryThanAnAwsSdks_isACallToAws() {
    Otlp otlp =
        Otlp.of(SpanKind.SPAN_KIND_PRODUCER)
            .with("messaging.system", "aws.sqs")
            .with("messaging.destination", "orders")
            .with("messaging.url", "http://sqs/1/orders");

    JsonNode document = otlp.document();

    assertThat(document.path("namespace").asString()).isEqualTo("aws");
    assertThat(document.path("name").asString()).isEqualTo("SQS");
    assertThat(document.at("/aws/queue_url").asString()).isEqualTo("http://sqs/1/orders");
  }

  @Test
  void severalTables_areAList() {
    JsonNode aws =
        Otlp.client()
            .with("aws.dynamodb.table_names", List.of("a", "b"))
            .with("aws.table_name", "a")
            .document()
            .path("aws");

    assertThat(aws).isEqualTo(Otlp.parse("{\"table_names\": [\"a\", \"b\"]}"));
  }

  @Test
  void grpcCall_isNoAwsCall() {
    JsonNode document =
        Otlp.client()
            .with("rpc.system", "grpc")
            .with("rpc.service", "shop.Payment")
            .with("rpc.method", "Charge")
            .document();

    assertThat(document.has("aws")).isFalse();
    assertThat(document.path("namespace").asString()).isEqualTo("remote");
    assertThat(document.at("/metadata/default/rpc.method").asString()).isEqualTo("Charge");
  }

  @Test
  void callFromAnotherCloud_isTold() {
    JsonNode document =
        Otlp.client()
            .resource("cloud.provider", "gcp")
            .with("rpc.system", "aws-api")
            .with("aws.region", "us-east-1")
            .document();

    assertThat(document.at("/aws/region").asString()).isEqualTo("us-east-1");
  }

  @Test
  void sameValueUnderASecondName_isNotInMetadataToo() {
    JsonNode document =
        Otlp.client()
            .with("rpc.system", "aws-api")
            .with("rpc.method", "SQS/SendMessage")
            .with("aws.operation", "SendMessage")
            .with("messaging.url", "https://sqs/1/q")
            .with("aws.queue_url", "https://sqs/1/q")
            .with("aws.queue.url", "https://sqs/1/other")
            .with("cloud.region", "eu-west-1")
            .with("aws.region", "eu-west-1")
            .with("aws.dynamodb.table_names", List.of("a", "b"))
            .with("aws.table_name", "b")
            .document();

    assertThat(document.at("/metadata/default").propertyNames())
        .containsExactlyInAnyOrder("rpc.system", "aws.queue.url");
  }
}
