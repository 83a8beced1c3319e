package io.raybridge.api;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A thread that does its work again and again, on a component's clock, until it is stopped. For
 * short work that waits for nobody there is {@link Clock#every}.
 */
public final class Repeating {
  private final String name;
  private final Clock clock;
  private final Work work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stop = lock.newCondition();
  private boolean stopped;
  private @Nullable Thread thread;

  /** What is done again and again. */
  public interface Work {
    /** Does it once; returns when it is due again, by {@link Clock#nanoTime}. */
    long run() throws InterruptedException;
  }

  /**
   * @param name the thread's
   */
  public Repeating(String name, Clock clock, Work work) {
    this.name = name;
    this.clock = clock;
    this.work = work;
  }

  /** Begins; the work is due for the first time at this {@link Clock#nanoTime}. */
  public void start(long firstDue) {
    thread = Thread.ofVirtual().name(name).start(() -> run(firstDue));
  }

  private void run(long firstDue) {
    try {
      for (long due = firstDue; waitUntil(due); ) due = work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean waitUntil(long due) throws InterruptedException {
    lock.lock();
    try {
      while (!stopped && clock.nanoTime() - due < 0) {
        // The loop tests both again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, stop, due);
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Ends, when the work that is being done is done. Safe without a start, and to repeat. */
  public void stop(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      stopped = true;
      stop.signalAll();
    } finally {
      lock.unlock();
    }
    var running = thread;
    if (running != null) running.join(deadline.left().plusSeconds(1));
  }

  /** Ends, and interrupts the work that is being done. Safe without a start, and to repeat. */
  public void cut(Deadline deadline) throws InterruptedException {
    var running = thread;
    if (running != null) running.interrupt();
    stop(deadline);
  }
}
