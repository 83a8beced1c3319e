package io.raybridge.delivery;

import io.raybridge.api.Context;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Settles items of lots: once each, in the ledger, in the metrics and towards those who wait for
 * the answer.
 */
final class Accounts<B extends Batch> {
  private final Ledger ledger;
  private final Signal signal;
  private final Counter sent;
  private final Counter sendFailed;
  private final Counter enqueueFailed;

  Accounts(Context context, Signal signal) {
    ledger = context.ledger();
    this.signal = signal;
    sent = counter(context, "sent", "Number of %s sent to the destination.");
    sendFailed = counter(context, "send_failed", "Number of %s given up after all attempts.");
    enqueueFailed =
        counter(context, "enqueue_failed", "Number of %s refused because the queue is full.");
  }

  private Counter counter(Context context, String what, String description) {
    String items = signal.items();
    return context
        .telemetry()
        .counter(
            "otelcol_exporter_" + what + "_" + items,
            "{" + items + "}",
            description.formatted(items.replace('_', ' ')));
  }

  /** The queue has taken these over. */
  void accepted(int items) {
    ledger.accepted(signal, items);
  }

  /** The queue did not take these. */
  void refused(int items) {
    enqueueFailed.add(items);
  }

  /** The destination confirmed these. */
  void delivered(Lot<B> lot, int items) {
    int granted = lot.delivered(items);
    if (granted == 0) return;
    ledger.delivered(signal, granted);
    sent.add(granted);
  }

  /** These will never arrive. */
  void rejected(Lot<B> lot, String reason, Rejection rejection) {
    String detail = rejection.code() + ": " + rejection.message();
    int granted = lot.rejected(rejection.items(), detail);
    drop(granted, reason, rejection.traceId(), detail);
  }

  /** These were given up, but would be welcome if they came again. */
  void givenUp(
      Lot<B> lot,
      int items,
      String reason,
      Outcome.Cause cause,
      @Nullable String traceId,
      String detail) {
    int granted = lot.returned(items, cause, detail);
    // Who waits for the answer is told to send again: gone from here, but not lost.
    drop(granted, lot.awaited() ? "returned" : reason, traceId, detail);
  }

  private void drop(int granted, String reason, @Nullable String traceId, String detail) {
    if (granted == 0) return;
    ledger.dropped(new Ledger.Drop(signal, granted, reason, traceId, detail));
    sendFailed.add(granted);
  }
}
