package io.raybridge.processors.batch;

import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Batches that are handed on together, and the answer that all of their senders wait for. */
final class Group<B extends Batch> {
  private final Apart apart;
  private final long due;
  private final List<B> batches = new ArrayList<>();
  private final CompletableFuture<Outcome> answer = new CompletableFuture<>();
  private int items;
  private boolean crowdedOut;

  Group(Apart apart, long due) {
    this.apart = apart;
    this.due = due;
  }

  /** What keeps it apart from others. */
  Apart apart() {
    return apart;
  }

  /** The moment at which it is handed on, whatever its size. */
  long due() {
    return due;
  }

  void add(B batch, int itemsOfIt) {
    batches.add(batch);
    items += itemsOfIt;
  }

  int items() {
    return items;
  }

  /** There are too many: this one leaves before its time. */
  void crowdOut() {
    crowdedOut = true;
  }

  boolean isCrowdedOut() {
    return crowdedOut;
  }

  List<B> batches() {
    return batches;
  }

  void answer(Outcome outcome) {
    boolean _ = answer.complete(outcome);
  }

  /** Waits for the answer, as it reads for one of the batches. */
  Outcome await(int itemsOfIt) throws InterruptedException {
    try {
      var outcome = answer.get();
      // Nobody knows whose items were refused: no sender may be told of more than it sent.
      return outcome instanceof Outcome.Partial(int rejected, String reason)
          ? new Outcome.Partial(Math.min(rejected, itemsOfIt), reason)
          : outcome;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
