package io.raybridge.exporters.awsxray;

import io.raybridge.delivery.Failure;
import java.util.concurrent.atomic.LongAdder;

/** What the records of PutTelemetryRecords count, since the last one. */
final class Counts {
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder spilled = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unknownHost = new LongAdder();
  private final LongAdder clientErrors = new LongAdder();
  private final LongAdder serverErrors = new LongAdder();
  private final LongAdder others = new LongAdder();

  void received(int spans) {
    received.add(spans);
  }

  void spilled(int spans) {
    spilled.add(spans);
  }

  void sent(int spans) {
    sent.add(spans);
  }

  void rejected(int spans) {
    rejected.add(spans);
  }

  void failed(Failure failure) {
    switch (failure.code()) {
      case "timeout", "connect_timeout" -> timeouts.increment();
      case "connection_refused" -> refused.increment();
      case "dns" -> unknownHost.increment();
      default -> {
        if (failure.message().startsWith("HTTP 4")) clientErrors.increment();
        else if (failure.message().startsWith("HTTP 5")) serverErrors.increment();
        else others.increment();
      }
    }
  }

  boolean anyReceived() {
    return received.sum() > 0;
  }

  /** The record as JSON, and all counts begin anew. */
  String takeRecord(String timestamp) {
    return "{\"Timestamp\":"
        + timestamp
        + ",\"SegmentsReceivedCount\":"
        + received.sumThenReset()
        + ",\"SegmentsSentCount\":"
        + sent.sumThenReset()
        + ",\"SegmentsSpilloverCount\":"
        + spilled.sumThenReset()
        + ",\"SegmentsRejectedCount\":"
        + rejected.sumThenReset()
        + ",\"BackendConnectionErrors\":{\"TimeoutCount\":"
        + timeouts.sumThenReset()
        + ",\"ConnectionRefusedCount\":"
        + refused.sumThenReset()
        + ",\"HTTPCode4XXCount\":"
        + clientErrors.sumThenReset()
        + ",\"HTTPCode5XXCount\":"
        + serverErrors.sumThenReset()
        + ",\"UnknownHostCount\":"
        + unknownHost.sumThenReset()
        + ",\"OtherCount\":"
        + others.sumThenReset()
        + "}}";
  }
}
