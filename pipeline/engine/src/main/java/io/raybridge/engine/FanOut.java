package io.raybridge.engine;

import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.util.List;

/**
 * Hands a batch to several consumers and answers with the worst of their outcomes: a retry may
 * bring duplicates to those who had accepted, the other choice would lose data for those who had
 * not.
 *
 * <p>Each consumer gets its own batch, the last one the original. A branch that only reads needs
 * one too: its queue may ask for objects on another thread, and a batch has one owner.
 */
final class FanOut<B extends Batch> implements Consumer<B> {
  private final List<Consumer<B>> branches;

  private FanOut(List<Consumer<B>> branches) {
    this.branches = branches;
  }

  /** A consumer that hands to all of these; a single one stands for itself. */
  static <B extends Batch> Consumer<B> of(List<Consumer<B>> branches) {
    return branches.size() == 1 ? branches.getFirst() : new FanOut<>(List.copyOf(branches));
  }

  @Override
  public Outcome consume(B batch) {
    int last = branches.size() - 1;
    Outcome worst = Outcome.ACCEPTED;
    for (int i = 0; i < last; i++) worst = worse(worst, branches.get(i).consume(copy(batch)));
    return worse(worst, branches.get(last).consume(batch));
  }

  @SuppressWarnings("unchecked") // a copy is of the batch's own class
  private static <B extends Batch> B copy(B batch) {
    return (B) batch.copy();
  }

  private static Outcome worse(Outcome a, Outcome b) {
    return rank(b) > rank(a) ? b : a;
  }

  private static int rank(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> 0;
      case Outcome.Partial _ -> 1;
      case Outcome.Rejected _ -> 2;
      case Outcome.Retry _ -> 3;
    };
  }
}
