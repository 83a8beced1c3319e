package io.raybridge.delivery;

import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.data.Batch;
import io.raybridge.data.ClientMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Batches that leave together, and what is still open of them. Each item is settled once: what is
 * settled after the lot was closed does not count any more.
 *
 * <p>Filling it is guarded by the backlog's lock, settling by its own.
 */
final class Lot<B extends Batch> {
  private final @Nullable ClientMetadata apart;
  private final long flushAt;
  private final @Nullable CompletableFuture<Verdict> waiters;
  private List<B> batches = new ArrayList<>(1);
  private @Nullable List<Spool.Position> positions;
  private int items;
  private long bytes;
  private long charge;
  private long held;
  private int open;
  private int spooled;
  private boolean closed;
  private Verdict verdict = new Verdict(0, 0, null, null);

  /**
   * What became of all of it.
   *
   * @param rejected items that will never arrive
   * @param returned items that were given up but could arrive if they came again
   * @param why the first reason for either
   */
  record Verdict(int rejected, int returned, Outcome.@Nullable Cause cause, @Nullable String why) {

    /** The answer for one of the batches. */
    Outcome outcome(int items, int of) {
      if (returned > 0) {
        var known = cause == null ? Outcome.Cause.UNAVAILABLE : cause;
        return new Outcome.Retry(known, why == null ? "" : why, null);
      }
      if (rejected == 0) return Outcome.ACCEPTED;
      String reason = why == null ? "" : why;
      // Of batches that were put together nobody knows whose items were refused.
      return rejected >= of
          ? Outcome.failed(reason)
          : new Outcome.Partial(Math.min(rejected, items), reason);
    }
  }

  /**
   * @param apart what its batches have in common and those of other lots have not; null where there
   *     is no such thing
   */
  Lot(@Nullable ClientMetadata apart, long flushAt, boolean awaited) {
    this.apart = apart;
    this.flushAt = flushAt;
    waiters = awaited ? new CompletableFuture<>() : null;
  }

  /**
   * @param charged what the batch counts against the queue's size
   * @param bytesHeld what it counts against the queue's bytes
   * @param position where it lies on disk, or null if it is in memory only
   */
  void add(B batch, long charged, long bytesHeld, Spool.@Nullable Position position) {
    batches.add(batch);
    if (position != null) {
      if (positions == null) positions = new ArrayList<>(1);
      positions.add(position);
    }
    items += batch.items();
    bytes += batch.sizeBytes();
    charge += charged;
    held += bytesHeld;
    open += batch.items();
  }

  /** What keeps it apart from other lots, or null. */
  @Nullable ClientMetadata apart() {
    return apart;
  }

  /** The moment at which it leaves, whatever its size. */
  long flushAt() {
    return flushAt;
  }

  int items() {
    return items;
  }

  long bytes() {
    return bytes;
  }

  /** What it counts against the queue's size. */
  long charge() {
    return charge;
  }

  /** What it counts against the queue's bytes until it is encoded. */
  long held() {
    return held;
  }

  /** Where its batches lie on disk; none if they are in memory only. */
  List<Spool.Position> positions() {
    return positions == null ? List.of() : positions;
  }

  /** Whether it is on disk too, and so need not be given up when the process ends. */
  boolean isOnDisk() {
    return positions != null;
  }

  /** Hands out the batches, once. */
  List<B> takeBatches() {
    var taken = batches;
    batches = List.of();
    return taken;
  }

  /** Settles items that arrived. Returns how many of them count. */
  synchronized int delivered(int count) {
    return settle(count);
  }

  /** Settles items that will never arrive. Returns how many of them count. */
  synchronized int rejected(int count, String why) {
    int granted = settle(count);
    var known = verdict.why() == null ? why : verdict.why();
    verdict = new Verdict(verdict.rejected() + granted, verdict.returned(), verdict.cause(), known);
    return granted;
  }

  /** Settles items that were given up but could come again. Returns how many of them count. */
  synchronized int returned(int count, Outcome.Cause cause, String why) {
    int granted = settle(count);
    var known = verdict.cause() == null ? cause : verdict.cause();
    verdict = new Verdict(verdict.rejected(), verdict.returned() + granted, known, why);
    return granted;
  }

  /** Settles items that stay on disk for the next process. */
  synchronized void spooled(int count) {
    spooled += settle(count);
  }

  /** Items that stay on disk for the next process. */
  synchronized int spooled() {
    return spooled;
  }

  /** Items that nobody has settled yet. */
  synchronized int open() {
    return open;
  }

  /** Whether somebody waits for the verdict. */
  boolean awaited() {
    return waiters != null;
  }

  /** True exactly once: when all items are settled. */
  synchronized boolean close() {
    if (open > 0 || closed) return false;
    closed = true;
    return true;
  }

  /** Tells those who wait. To be called after {@link #close()}. */
  void announce() {
    if (waiters == null) return;
    Verdict last;
    synchronized (this) {
      last = verdict;
    }
    boolean _ = waiters.complete(last);
  }

  /** Waits for what became of the lot, as the answer for one batch of this many items. */
  Outcome await(int batchItems) throws InterruptedException {
    if (waiters == null) throw new IllegalStateException("nobody was to wait for this lot");
    try {
      return waiters.get().outcome(batchItems, items);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private int settle(int count) {
    int granted = Math.clamp(count, 0, open);
    open -= granted;
    return granted;
  }
}
