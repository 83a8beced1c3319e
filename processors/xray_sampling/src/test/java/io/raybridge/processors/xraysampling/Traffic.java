package io.raybridge.processors.xraysampling;

import io.raybridge.data.ResourceSpans;
import io.raybridge.data.ScopeSpans;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Requests of a service at a manual clock's time, with trace ids as X-Ray wants them. */
final class Traffic {
  private final ManualClock clock;
  private final SplittableRandom random;

  Traffic(ManualClock clock, long seed) {
    this.clock = clock;
    random = new SplittableRandom(seed);
  }

  /** A request of 20 ms that begins now, in a trace of its own. */
  Span root() {
    long now = clock.now().getEpochSecond() * 1_000_000_000L + clock.now().getNano();
    var span =
        new Span()
            .traceIdHi(clock.now().getEpochSecond() << 32 | (random.nextInt() & 0xffff_ffffL))
            .traceIdLo(random.nextLong())
            .spanId(random.nextLong() | 1)
            .name("GET /orders/:id")
            .kind(Span.KIND_SERVER)
            .startTimeUnixNano(now)
            .endTimeUnixNano(now + 20_000_000);
    span.attributes()
        .put("http.request.method", "GET")
        .put("url.path", "/orders/7")
        .put("server.address", "shop.example.com")
        .put("http.response.status_code", 200);
    return span;
  }

  /** A span inside of another's service. */
  Span child(Span parent) {
    return new Span()
        .traceIdHi(parent.traceIdHi())
        .traceIdLo(parent.traceIdLo())
        .spanId(random.nextLong() | 1)
        .parentSpanId(parent.spanId())
        .name("query")
        .kind(Span.KIND_INTERNAL)
        .startTimeUnixNano(parent.startTimeUnixNano() + 1_000_000)
        .endTimeUnixNano(parent.endTimeUnixNano() - 1_000_000);
  }

  /** The first span of the service that another calls. */
  Span remote(Span parent) {
    return child(parent).kind(Span.KIND_SERVER).flags(0x301);
  }

  /** Spans of a service on Lambda. */
  static Traces of(String service, List<Span> spans) {
    var scope = new ScopeSpans();
    scope.scope().name("test");
    scope.spans().addAll(spans);
    var resource = new ResourceSpans();
    resource
        .resource()
        .attributes()
        .put("service.name", service)
        .put("cloud.platform", "aws_lambda");
    resource.scopeSpans().add(scope);
    var batch = Traces.of(new ArrayList<>(List.of(resource)));
    batch.pack();
    return batch;
  }

  static Traces of(Span... spans) {
    return of("my-api", List.of(spans));
  }
}
