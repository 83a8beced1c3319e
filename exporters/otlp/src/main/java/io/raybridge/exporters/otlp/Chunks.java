package io.raybridge.exporters.otlp;

import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import java.util.List;

/** A batch as the bytes of an OTLP export request. */
final class Chunks {
  private Chunks() {}

  static List<byte[]> of(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.otlpChunks();
      case Metrics metrics -> metrics.otlpChunks();
      case Logs logs -> logs.otlpChunks();
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
