package io.raybridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

final class SystemClock implements Clock {
  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  @Override
  public Periodic every(Duration interval, Runnable work) {
    var beat = new Beat(interval.toNanos(), work);
    beat.await();
    return beat;
  }

  // The loop is the caller's, as the contract says.
  @SuppressWarnings("WaitNotInLoop")
  @Override
  public boolean awaitUntil(ReentrantLock lock, Condition condition, long nanoTime)
      throws InterruptedException {
    return condition.awaitNanos(nanoTime - System.nanoTime()) > 0;
  }

  /** Made with the first work, since most commands have none. */
  private static final class Beats {
    // A thread of the system's: each sleep of a virtual one wakes two or three of them.
    static final ScheduledThreadPoolExecutor THREAD =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("raybridge-clock").factory());

    static {
      THREAD.setRemoveOnCancelPolicy(true);
    }
  }

  private static final class Beat implements Periodic, Runnable {
    private final long nanos;
    private final Runnable work;
    private volatile boolean closed;
    private volatile @Nullable ScheduledFuture<?> next;

    Beat(long nanos, Runnable work) {
      this.nanos = nanos;
      this.work = work;
    }

    void await() {
      long left = nanos - Math.floorMod(System.nanoTime(), nanos);
      next = Beats.THREAD.schedule(this, left, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
      if (closed) return;
      try {
        work.run();
      } catch (RuntimeException | Error bug) {
        // Told as that of a thread of its own would be; what others do goes on, and so does this.
        var thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
      }
      if (!closed) await();
    }

    @Override
    public void close() {
      closed = true;
      var due = next;
      if (due != null) due.cancel(false);
    }
  }
}
