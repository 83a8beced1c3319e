package io.raybridge.benchmarks.load;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * OTLP requests as a shop's services send them: a server span, two HTTP clients, a DynamoDB call, a
 * SQL query, and an internal span with an exception now and then. The same seed gives the same
 * bytes.
 */
public final class Payloads {
  private Payloads() {}

  /**
   * @param spans in the whole request
   * @param services the spans are divided over, one resource each
   * @param extraAttributes added to each span beside its own
   */
  public static ExportTraceServiceRequest request(
      long seed, int spans, int services, int extraAttributes) {
    var random = new Random(seed);
    var request = ExportTraceServiceRequest.newBuilder();
    for (int service = 0; service < services; service++) {
      int from = spans * service / services;
      int to = spans * (service + 1) / services;
      if (from < to) {
        request.addResourceSpans(resourceSpans(random, service, to - from, extraAttributes));
      }
    }
    return request.build();
  }

  /** The same spans, each in a trace of its own whose root is elsewhere. */
  static ExportTraceServiceRequest open(ExportTraceServiceRequest request, long seed) {
    var random = new Random(seed);
    var open = request.toBuilder();
    for (var resource : open.getResourceSpansBuilderList()) {
      for (var scope : resource.getScopeSpansBuilderList()) {
        for (var span : scope.getSpansBuilderList()) {
          span.setTraceId(id(random, 16))
              .setParentSpanId(id(random, 8))
              .setKind(Span.SpanKind.SPAN_KIND_INTERNAL);
        }
      }
    }
    return open.build();
  }

  private static ResourceSpans resourceSpans(
      Random random, int service, int spans, int extraAttributes) {
    var scope = ScopeSpans.newBuilder();
    scope.getScopeBuilder().setName("io.opentelemetry.instrumentation").setVersion("2.33.0");
    ByteString trace = id(random, 16);
    ByteString parent = ByteString.EMPTY;
    for (int i = 0; i < spans; i++) {
      if (i % 6 == 0) {
        trace = id(random, 16);
        parent = ByteString.EMPTY;
      }
      Span.Builder span = span(random, i);
      for (int extra = 0; extra < extraAttributes; extra++) {
        span.addAttributes(text("app.attribute." + extra, "value " + random.nextInt(100_000)));
      }
      ByteString spanId = id(random, 8);
      scope.addSpans(span.setTraceId(trace).setSpanId(spanId).setParentSpanId(parent));
      if (i % 6 == 0) {
        parent = spanId;
      }
    }
    return ResourceSpans.newBuilder()
        .setResource(
            Resource.newBuilder()
                .addAttributes(text("service.name", "shop-" + service))
                .addAttributes(text("service.version", "1.4.2"))
                .addAttributes(text("telemetry.sdk.language", "java"))
                .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
                .addAttributes(text("telemetry.sdk.version", "1.67.0"))
                .addAttributes(text("cloud.provider", "aws"))
                .addAttributes(text("cloud.platform", "aws_ecs")))
        .addScopeSpans(scope)
        .build();
  }

  private static Span.Builder span(Random random, int index) {
    long end = 1_790_000_000_000_000_000L + random.nextInt(1_000_000_000);
    var span =
        Span.newBuilder()
            .setStartTimeUnixNano(end - 5_000_000 - random.nextInt(50_000_000))
            .setEndTimeUnixNano(end);
    int order = random.nextInt(1_000_000);
    return switch (index % 6) {
      case 0 ->
          span.setName("GET /orders/{id}")
              .setKind(Span.SpanKind.SPAN_KIND_SERVER)
              .addAttributes(text("http.request.method", "GET"))
              .addAttributes(text("url.scheme", "https"))
              .addAttributes(text("server.address", "shop.example.com"))
              .addAttributes(text("url.path", "/orders/" + order))
              .addAttributes(text("http.route", "/orders/{id}"))
              .addAttributes(number("http.response.status_code", 200))
              .addAttributes(text("client.address", "203.0.113." + random.nextInt(256)))
              .addAttributes(
                  text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"))
              .addAttributes(text("network.protocol.version", "1.1"));
      case 1, 2 ->
          span.setName("GET")
              .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
              .addAttributes(text("http.request.method", "GET"))
              .addAttributes(
                  text("url.full", "https://stock.example.com/items/" + order + "?all=1"))
              .addAttributes(text("server.address", "stock.example.com"))
              .addAttributes(number("server.port", 443))
              .addAttributes(
                  number("http.response.status_code", random.nextInt(20) == 0 ? 503 : 200));
      case 3 ->
          span.setName("DynamoDB.GetItem")
              .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
              .addAttributes(text("rpc.system", "aws-api"))
              .addAttributes(text("rpc.service", "DynamoDB"))
              .addAttributes(text("rpc.method", "GetItem"))
              .addAttributes(text("aws.request_id", "REQ" + random.nextLong()))
              .addAttributes(text("cloud.region", "us-east-1"))
              .addAttributes(text("aws.table.name", "Orders"))
              .addAttributes(number("http.response.status_code", 200));
      case 4 ->
          span.setName("SELECT shop.orders")
              .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
              .addAttributes(text("db.system.name", "postgresql"))
              .addAttributes(text("db.namespace", "shop"))
              .addAttributes(
                  text(
                      "db.query.text",
                      "SELECT id, total FROM orders WHERE customer = ? ORDER BY id DESC"))
              .addAttributes(text("server.address", "db.example.com"))
              .addAttributes(number("server.port", 5432));
      default -> internal(random, span, order, end);
    };
  }

  private static Span.Builder internal(Random random, Span.Builder span, int order, long end) {
    span.setName("calculate total")
        .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
        .addAttributes(text("code.function.name", "com.example.shop.Totals.calculate"))
        .addAttributes(number("order.id", order));
    if (random.nextInt(10) == 0) {
      span.setStatus(
          Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("no price"));
      span.addEvents(
          Span.Event.newBuilder()
              .setName("exception")
              .setTimeUnixNano(end)
              .addAttributes(text("exception.type", "java.lang.IllegalStateException"))
              .addAttributes(text("exception.message", "no price for item " + order))
              .addAttributes(
                  text(
                      "exception.stacktrace",
                      """
                      java.lang.IllegalStateException: no price
                      	at com.example.shop.Totals.price(Totals.java:42)
                      	at com.example.shop.Totals.calculate(Totals.java:17)
                      """)));
    }
    return span;
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static ByteString id(Random random, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      bytes.putLong(random.nextLong() | 1);
    }
    return ByteString.copyFrom(bytes.array());
  }
}
