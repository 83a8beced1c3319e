package io.raybridge.delivery;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what was acknowledged already, so that nobody else can be told to send it again: tries
 * until it is taken or refused for good, with pauses that grow, or until the time to stop is over.
 */
public final class HandOver<B extends Batch> {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LAST_PAUSE = Duration.ofMillis(100);

  private final Clock clock;
  private final Consumer<B> next;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopped = lock.newCondition();
  private @Nullable Deadline stop;

  public HandOver(Clock clock, Consumer<B> next) {
    this.clock = clock;
    this.next = next;
  }

  /** What became of the batch; a retry where the time to stop was over before it was taken. */
  public Outcome handOn(B batch) throws InterruptedException {
    var pause = FIRST_PAUSE;
    while (true) {
      var outcome = next.consume(copy(batch));
      if (!(outcome instanceof Outcome.Retry(var _, String _, Duration after))) return outcome;
      if (!isPauseOver(after == null ? pause : after)) return outcome;
      var longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
  }

  /** From now on pauses are brief, and none begins when the time is over. */
  public void stop(Deadline deadline) {
    lock.lock();
    try {
      if (stop == null) stop = deadline;
      stopped.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits to try again, until a stop at most; false when there is no time left for that. */
  private boolean isPauseOver(Duration wanted) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean stopping = stop != null;
      if (stop != null && stop.passed()) return false;
      boolean brief = stopping && LAST_PAUSE.compareTo(wanted) < 0;
      long until = clock.nanoTime() + (brief ? LAST_PAUSE : wanted).toNanos();
      while ((stop != null) == stopping && clock.nanoTime() - until < 0) {
        // The loop tests both again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, stopped, until);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("unchecked") // a copy is of the same kind
  private B copy(B batch) {
    return (B) batch.copy();
  }
}
