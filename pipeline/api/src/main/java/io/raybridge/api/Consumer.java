package io.raybridge.api;

import com.google.errorprone.annotations.CheckReturnValue;
import io.raybridge.data.Batch;
import org.jspecify.annotations.Nullable;

/** The next step of a pipeline. */
@FunctionalInterface
public interface Consumer<B extends Batch> {
  /**
   * Takes ownership of a batch and says what became of it.
   *
   * <p>May block: blocking is how back-pressure reaches the receiver and, through it, the client.
   * Never throws for what can happen in normal operation: a refusal is an {@link Outcome}, an
   * exception is a bug.
   */
  @CheckReturnValue
  Outcome consume(B batch);

  /**
   * Does the same on a thread that must not wait, such as one that serves sockets, where that takes
   * neither waiting nor long work. Null where it would, with the batch as it was and nothing
   * counted: then {@link #consume} is for a thread that may.
   */
  @CheckReturnValue
  default @Nullable Outcome consumeNow(B batch) {
    return null;
  }
}
