package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.time.Duration;

/**
 * Whether it pays to look for the item that makes a destination refuse a request as a whole. It
 * does not where everything is refused: the search would cost a call for each item and find
 * nothing.
 */
final class Isolation {
  /** Parts of one request that are refused, and none taken: from 50 items to parts of two. */
  private static final int ALL_REFUSED = 32;

  private static final long FORGET = Duration.ofMinutes(1).toNanos();

  private final Clock clock;
  private volatile boolean allRefused;
  private volatile long since;

  Isolation(Clock clock) {
    this.clock = clock;
  }

  /** Something was taken: a request that is refused has something wrong in it. */
  void taken() {
    if (allRefused) allRefused = false;
  }

  /** A request was refused in all its parts. */
  void nothingTaken() {
    since = clock.nanoTime();
    allRefused = true;
  }

  /**
   * @param refused how many parts of the request, itself included, were refused since one was taken
   */
  boolean isWorthwhile(int refused) {
    if (refused >= ALL_REFUSED) nothingTaken();
    return !allRefused || clock.nanoTime() - since >= FORGET;
  }
}
