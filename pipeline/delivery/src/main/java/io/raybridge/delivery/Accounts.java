package io.raybridge.delivery;

import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settles items of lots: once each, in the ledger, in the dead letters and towards those who wait
 * for the answer.
 */
final class Accounts<B extends Batch> {
  private final Ledger ledger;
  private final Signal signal;
  private final DeadLetters letters;

  Accounts(Ledger ledger, Signal signal, DeadLetters letters) {
    this.ledger = ledger;
    this.signal = signal;
    this.letters = letters;
  }

  /**
   * Items that were given up, but would be welcome if they came again.
   *
   * @param cause what those who wait are told
   * @param detail for people: when and why, with the code
   * @param documents what can be kept of them
   */
  record Loss(
      int items,
      String reason,
      Outcome.Cause cause,
      @Nullable String traceId,
      String code,
      String detail,
      List<Document> documents) {
    static final String SHUTDOWN = "shutdown";

    /** Items of which nothing is at hand when the time is up. */
    static Loss shutdown(int items, String why) {
      var cause = Outcome.Cause.UNAVAILABLE;
      return new Loss(items, SHUTDOWN, cause, null, SHUTDOWN, why, List.of());
    }

    /** A request for which there was no time left. */
    static Loss shutdown(Payload payload) {
      return new Loss(
          payload.items(),
          SHUTDOWN,
          Outcome.Cause.UNAVAILABLE,
          payload.traceId(),
          SHUTDOWN,
          "not sent before shutdown",
          payload.documents());
    }
  }

  /** The queue has taken these over. */
  void accepted(int items) {
    ledger.accepted(signal, items);
  }

  /** The destination confirmed these. */
  void delivered(Lot<B> lot, int items) {
    // With the lot's lock, here and below: else whoever encoded it could close the lot, and a stop
    // come to its end, before its last items are in the ledger.
    synchronized (lot) {
      int granted = lot.delivered(items);
      if (granted > 0) ledger.delivered(signal, granted);
    }
  }

  /** These will never arrive. */
  void rejected(Lot<B> lot, String reason, Rejection rejection) {
    String detail = rejection.code() + ": " + rejection.message();
    letters.keep(reason, rejection.code(), rejection.message(), rejection.documents());
    synchronized (lot) {
      int granted = lot.rejected(rejection.items(), detail);
      drop(granted, reason, rejection.traceId(), rejection.code(), detail);
    }
  }

  /** These were given up, unless it is the end of the process that they can outlive. */
  void givenUp(Lot<B> lot, Loss loss) {
    if (lot.isOnDisk() && loss.reason().equals(Loss.SHUTDOWN)) {
      lot.spooled(loss.items());
      return;
    }
    // Who waits for the answer is told to send again: gone from here, but not lost.
    var reason = lot.awaited() ? "returned" : loss.reason();
    if (!lot.awaited()) letters.keep(reason, loss.code(), loss.detail(), loss.documents());
    synchronized (lot) {
      int granted = lot.returned(loss.items(), loss.cause(), loss.detail());
      drop(granted, reason, loss.traceId(), loss.code(), loss.detail());
    }
  }

  /** These were found on disk. */
  void found(long items) {
    ledger.found(signal, items);
  }

  /** These stay on disk for the next process. */
  void spooled(long items) {
    ledger.spooled(signal, items);
  }

  /** These were taken over and cannot be read any more. */
  void damaged(int items, String detail) {
    drop(items, "damaged", null, "damaged", detail);
  }

  private void drop(
      int granted, String reason, @Nullable String traceId, String code, String detail) {
    if (granted == 0) return;
    ledger.dropped(new Ledger.Drop(signal, granted, reason, traceId, code, detail));
  }
}
