package io.raybridge.exporters.otlp;

import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.List;

/** A batch as the bytes of an OTLP export request, and back. */
final class Chunks {
  private Chunks() {}

  static List<byte[]> of(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.otlpChunks();
      case Metrics metrics -> metrics.otlpChunks();
      case Logs logs -> logs.otlpChunks();
    };
  }

  static Batch batch(Signal signal, byte[] bytes) throws MalformedBatchException {
    return switch (signal) {
      case TRACES -> Traces.ofOtlp(bytes);
      case METRICS -> Metrics.ofOtlp(bytes);
      case LOGS -> Logs.ofOtlp(bytes);
    };
  }

  static Batch batchOfJson(Signal signal, byte[] json) throws MalformedBatchException {
    return switch (signal) {
      case TRACES -> Traces.ofOtlpJson(json);
      case METRICS -> Metrics.ofOtlpJson(json);
      case LOGS -> Logs.ofOtlpJson(json);
    };
  }

  static byte[] json(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.toOtlpJson();
      case Metrics metrics -> metrics.toOtlpJson();
      case Logs logs -> logs.toOtlpJson();
    };
  }
}
