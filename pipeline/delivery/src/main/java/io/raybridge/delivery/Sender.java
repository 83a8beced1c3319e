package io.raybridge.delivery;

/** Sends one request to the destination. */
@FunctionalInterface
public interface Sender<P extends Payload> {
  /**
   * Makes one attempt, with a time-out of its own, and says what became of each item. Called from
   * many virtual threads at once and may block. What can happen in normal operation is a {@link
   * Failure}; an exception is a bug and ends this payload.
   */
  SendResult<P> send(P payload) throws InterruptedException;
}
