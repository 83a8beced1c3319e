package io.raybridge.delivery;

import java.util.List;

/** Sends one request to the destination. */
@FunctionalInterface
public interface Sender<P extends Payload> {
  /**
   * Makes one attempt, with a time-out of its own, and says what became of each item. Called from
   * many virtual threads at once and may block. What can happen in normal operation is a {@link
   * Failure}; an exception is a bug and ends this payload.
   */
  SendResult<P> send(P payload) throws InterruptedException;

  /**
   * Parts a request that is refused as a whole, so that the item to blame can be found. The payload
   * is not used any more after that, unless there are no halves.
   *
   * @param why how the request fails
   * @return two requests with all of its items between them, or none where it cannot be parted or
   *     where halves would fail in the same way
   */
  default List<P> halves(P payload, Failure why) {
    return List.of();
  }
}
