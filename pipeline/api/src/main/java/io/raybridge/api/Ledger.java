package io.raybridge.api;

import io.raybridge.data.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The loss ledger: accepted = delivered + queued + dropped{stage, reason}, per signal. Who drops an
 * item says so here, once, at the moment of the drop. The stage is the component the ledger was
 * made for.
 */
public interface Ledger {
  /** Items that an exporter's queue has taken over. */
  void accepted(Signal signal, long items);

  /** Items that a destination has confirmed. */
  void delivered(Signal signal, long items);

  /** Items that will never arrive. */
  void dropped(Drop drop);

  /**
   * Items that a queue leaves on disk when it stops: queued still, but not lost with the process.
   */
  void spooled(Signal signal, long items);

  /**
   * Items that a queue finds on disk when it starts: accepted anew, but for those that were spooled
   * in this process, by a queue that was reloaded.
   */
  void found(Signal signal, long items);

  /**
   * Items lost, and why.
   *
   * @param reason a short fixed word for counting, such as {@code queue_full} or {@code throttled}
   * @param traceId the first trace id concerned, in hex, or null when none is known
   * @param code the destination's error code, such as {@code ThrottledException}, or null without
   *     one
   * @param detail for people: what happened, with the destination's error code; never telemetry
   *     content, never a secret
   */
  record Drop(
      Signal signal,
      long items,
      String reason,
      @Nullable String traceId,
      @Nullable String code,
      String detail) {

    /** A loss in which no destination had a part. */
    public Drop(Signal signal, long items, String reason, @Nullable String traceId, String detail) {
      this(signal, items, reason, traceId, null, detail);
    }
  }
}
