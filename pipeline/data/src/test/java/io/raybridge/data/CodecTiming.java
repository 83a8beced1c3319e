package io.raybridge.data;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Times the codec of spans by hand, beside protobuf-java: the numbers of RATIONALE.md. The rounds
 * of all operations take turns, so that a busy machine hurts all of them alike; the best of each
 * counts.
 */
final class CodecTiming {
  private static final int SPANS = 500;
  private static final long ROUND_NANOS = 300_000_000;
  private static volatile @Nullable Object sink;

  private record Operation(String name, Body body) {}

  private interface Body {
    Object run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    var bytes = payload();
    var decoded = Traces.ofOtlp(bytes);
    decoded.resourceSpans();
    var operations =
        List.of(
            new Operation("check and count (ofOtlp)", () -> Traces.ofOtlp(bytes)),
            new Operation("check, decode", () -> Traces.ofOtlp(bytes).resourceSpans()),
            new Operation("check, decode, put, encode", () -> changed(bytes)),
            new Operation("encode", decoded::toOtlp),
            new Operation("split to 100s, as bytes", () -> Traces.ofOtlp(bytes).split(101)),
            new Operation("protobuf-java: parse", () -> ExportTraceServiceRequest.parseFrom(bytes)),
            new Operation(
                "protobuf-java: parse, encode",
                () -> ExportTraceServiceRequest.parseFrom(bytes).toByteArray()));
    System.out.println(bytes.length / SPANS + " bytes a span");
    for (var operation : operations) round(operation, 3_000_000_000L);
    var best = new double[operations.size()];
    var garbage = new long[operations.size()];
    java.util.Arrays.fill(best, Double.MAX_VALUE);
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < best.length; i++) {
        var result = round(operations.get(i), ROUND_NANOS);
        best[i] = Math.min(best[i], result[0]);
        garbage[i] = (long) result[1];
      }
    }
    for (int i = 0; i < best.length; i++) {
      System.out.printf(
          "%-30s %6.0f ns/span %6d B/span%n", operations.get(i).name, best[i], garbage[i]);
    }
  }

  private static byte[] changed(byte[] bytes) throws MalformedBatchException {
    var batch = Traces.ofOtlp(bytes);
    batch.forEachSpan(span -> span.attributes().put("added", "yes"));
    return batch.toOtlp();
  }

  private static double[] round(Operation operation, long nanos) throws Exception {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = thread.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long now;
    long runs = 0;
    do {
      sink = operation.body.run();
      runs++;
      now = System.nanoTime();
    } while (now - start < nanos);
    allocated = thread.getCurrentThreadAllocatedBytes() - allocated;
    return new double[] {(now - start) / (double) runs / SPANS, allocated / runs / SPANS};
  }

  private static byte[] payload() {
    var random = new Random(1);
    var resources = new ArrayList<ResourceSpans>();
    for (int i = 0; i < 5; i++) {
      var resource = new ResourceSpans();
      resource
          .resource()
          .attributes()
          .put("service.name", "shop-" + i)
          .put("telemetry.sdk.language", "java")
          .put("telemetry.sdk.name", "opentelemetry")
          .put("telemetry.sdk.version", "1.55.0")
          .put("host.name", "ip-10-0-0-" + i + ".ec2.internal")
          .put("process.pid", 4711);
      var scope = new ScopeSpans();
      scope.scope().name("io.opentelemetry.tomcat-10.0").version("2.33.0-alpha");
      for (int j = 0; j < SPANS / 5; j++) scope.spans().add(span(random));
      resource.scopeSpans().add(scope);
      resources.add(resource);
    }
    return Traces.of(resources).toOtlp();
  }

  private static Span span(Random random) {
    var span =
        new Span()
            .traceIdHi(random.nextLong())
            .traceIdLo(random.nextLong())
            .spanId(random.nextLong())
            .parentSpanId(random.nextLong())
            .name("GET /api/orders/{id}")
            .kind(Span.KIND_SERVER)
            .startTimeUnixNano(1_767_225_600_000_000_000L + random.nextInt())
            .endTimeUnixNano(1_767_225_600_100_000_000L + random.nextInt())
            .flags(257)
            .statusCode(random.nextInt(10) == 0 ? Span.STATUS_ERROR : Span.STATUS_UNSET);
    span.attributes()
        .put("http.request.method", "GET")
        .put("http.response.status_code", 200)
        .put("url.path", "/api/orders/" + random.nextInt(100_000))
        .put("url.scheme", "https")
        .put("server.address", "orders.example.com")
        .put("server.port", 443)
        .put("network.protocol.version", "1.1")
        .put("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)")
        .put("http.route", "/api/orders/{id}")
        .put("client.address", "10.1.2." + random.nextInt(255))
        .put("thread.id", random.nextInt(200))
        .put("thread.name", "http-nio-8080-exec-" + random.nextInt(20));
    var event = new Event().name("message").timeUnixNano(1_767_225_600_000_000_000L);
    event.attributes().put("message.type", "SENT").put("message.id", random.nextInt(1000));
    span.events().add(event);
    return span;
  }
}
