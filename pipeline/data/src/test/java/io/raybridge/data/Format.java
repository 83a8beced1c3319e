package io.raybridge.data;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.List;

/** One signal, so that a test can be written once for all three. */
record Format(Message prototype, Decoder fromOtlp, Decoder fromJson) {
  static final Format TRACES =
      new Format(
          ExportTraceServiceRequest.getDefaultInstance(), Traces::ofOtlp, Traces::ofOtlpJson);
  static final Format METRICS =
      new Format(
          ExportMetricsServiceRequest.getDefaultInstance(), Metrics::ofOtlp, Metrics::ofOtlpJson);
  static final Format LOGS =
      new Format(ExportLogsServiceRequest.getDefaultInstance(), Logs::ofOtlp, Logs::ofOtlpJson);
  static final List<Format> ALL = List.of(TRACES, METRICS, LOGS);

  interface Decoder {
    Batch apply(byte[] bytes) throws MalformedBatchException;
  }

  /** Random, with or without fields that this version does not know. */
  Message random(long seed, boolean unknownFields) {
    return new RandomMessages(seed, unknownFields).like(prototype);
  }

  Message parse(byte[] otlp) throws InvalidProtocolBufferException {
    return prototype.getParserForType().parseFrom(otlp);
  }

  Batch ofOtlp(Message message) throws MalformedBatchException {
    return fromOtlp.apply(message.toByteArray());
  }

  /** Asks for the objects, so that they are the truth from here on. */
  static void touch(Batch batch) {
    switch (batch) {
      case Traces traces -> traces.resourceSpans();
      case Metrics metrics -> metrics.resourceMetrics();
      case Logs logs -> logs.resourceLogs();
    }
  }

  static byte[] toOtlp(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.toOtlp();
      case Metrics metrics -> metrics.toOtlp();
      case Logs logs -> logs.toOtlp();
    };
  }

  static List<byte[]> otlpChunks(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.otlpChunks();
      case Metrics metrics -> metrics.otlpChunks();
      case Logs logs -> logs.otlpChunks();
    };
  }

  static byte[] toOtlpJson(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.toOtlpJson();
      case Metrics metrics -> metrics.toOtlpJson();
      case Logs logs -> logs.toOtlpJson();
    };
  }

  static List<? extends Batch> split(Batch batch, int maxItems) {
    return switch (batch) {
      case Traces traces -> traces.split(maxItems);
      case Metrics metrics -> metrics.split(maxItems);
      case Logs logs -> logs.split(maxItems);
    };
  }

  @SuppressWarnings("unchecked")
  static Batch join(List<? extends Batch> batches) {
    return switch (batches.getFirst()) {
      case Traces _ -> Traces.join((List<Traces>) batches);
      case Metrics _ -> Metrics.join((List<Metrics>) batches);
      case Logs _ -> Logs.join((List<Logs>) batches);
    };
  }

  @Override
  public String toString() {
    return prototype.getDescriptorForType().getName();
  }
}
