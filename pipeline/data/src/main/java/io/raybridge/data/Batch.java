package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/**
 * A unit of telemetry in flight.
 *
 * <p>A batch has one owner at a time. Who hands it to a consumer must not touch it again; who wants
 * to keep it hands on a {@link #copy()}. It is not safe for use by two threads at once.
 */
public sealed interface Batch permits Traces, Metrics, Logs {
  /** The signal this batch belongs to. */
  Signal signal();

  /** Spans, metric data points or log records in this batch. Cheap: counted once. */
  int items();

  /**
   * Bytes this batch takes in its OTLP protobuf form; exact while nobody has asked for objects, an
   * estimate after that.
   */
  long sizeBytes();

  /**
   * What the client sent beside this batch, where its receiver keeps that; else null. Stays with
   * copies and parts, and with what is joined of batches that have the same.
   */
  @Nullable ClientMetadata client();

  /** Says what the client sent beside this batch; null for nothing. */
  void client(@Nullable ClientMetadata metadata);

  /**
   * A batch of the same content that another owner may change. Shares the bytes for as long as
   * nobody changes them.
   */
  Batch copy();
}
