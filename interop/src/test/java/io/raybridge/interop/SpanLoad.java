package io.raybridge.interop;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that sends without a pause by OTLP/gRPC, with the exporter of the OpenTelemetry
 * SDK, on one connection for as long as that lasts: what is not acknowledged it sends again, and
 * keeps which spans were.
 */
final class SpanLoad implements AutoCloseable {
  private static final int SPANS = 20;
  private static final long PAUSE = Duration.ofMillis(20).toNanos();

  private final OtlpGrpcSpanExporter exporter;
  private final Set<String> acknowledged = Collections.synchronizedSet(new HashSet<>());
  private final List<SpanData> made = new ArrayList<>();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .setResource(Resource.builder().put("service.name", "load").build())
          .addSpanProcessor(SimpleSpanProcessor.create(new Keep(made)))
          .build();
  private final Thread sender;
  private volatile boolean stopped;
  private volatile int requests;
  private volatile int failures;

  SpanLoad(String endpoint) {
    exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(Duration.ofSeconds(5))
            // Every failure is to be seen.
            .setRetryPolicy(null)
            .build();
    sender = Thread.ofPlatform().name("load").start(this::send);
  }

  /** The ids of the spans whose requests were answered with success. */
  Set<String> acknowledged() {
    synchronized (acknowledged) {
      return Set.copyOf(acknowledged);
    }
  }

  int requests() {
    return requests;
  }

  /** Requests that were not, which were sent again. */
  int failures() {
    return failures;
  }

  private void send() {
    while (!stopped) {
      made.clear();
      for (int i = 0; i < SPANS; i++) provider.get("load").spanBuilder("GET /").startSpan().end();
      boolean taken;
      do {
        taken = exporter.export(made).join(10, TimeUnit.SECONDS).isSuccess();
        requests++;
        if (!taken) failures++;
        LockSupport.parkNanos(PAUSE);
      } while (!taken);
      for (SpanData span : made) acknowledged.add(span.getSpanId());
    }
  }

  /** Ends after a request that was acknowledged. */
  @Override
  public void close() throws InterruptedException {
    if (stopped) return;
    stopped = true;
    sender.join();
    exporter.close();
    provider.close();
  }

  private record Keep(List<SpanData> into) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      into.addAll(spans);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
