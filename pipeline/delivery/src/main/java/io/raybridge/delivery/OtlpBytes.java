package io.raybridge.delivery;

import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.List;

/** Batches as the OTLP bytes that a spool keeps, and back. */
final class OtlpBytes {
  private OtlpBytes() {}

  /** The arrays which, one after another, are the batch. */
  static List<byte[]> of(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.otlpChunks();
      case Metrics metrics -> metrics.otlpChunks();
      case Logs logs -> logs.otlpChunks();
    };
  }

  /** The batch of these bytes, which are looked at as closely as those of a client. */
  static Batch batch(Signal signal, byte[] bytes) throws MalformedBatchException {
    return switch (signal) {
      case TRACES -> Traces.ofOtlp(bytes);
      case METRICS -> Metrics.ofOtlp(bytes);
      case LOGS -> Logs.ofOtlp(bytes);
    };
  }
}
