package io.raybridge.aws;

import io.raybridge.api.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A value that is fetched on a thread of its own and kept: callers wait only while there is none
 * that can be used. After a failure the next try waits a little, and until then callers hear of the
 * last one.
 */
final class Refreshed<T> {
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

  /** Fetches the value; may block. */
  interface Source<T> {
    Fetched<T> fetch() throws UnavailableException;
  }

  /**
   * A value.
   *
   * @param freshFor how long until it is worth fetching again
   * @param expires when it is of no use any more, or null for never
   */
  record Fetched<T>(T value, Duration freshFor, @Nullable Instant expires) {}

  /** There is no value; the message says why and what to do. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final String thread;
  private final Clock clock;
  private final Source<T> source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fetchedOrFailed = lock.newCondition();
  private volatile @Nullable Fetched<T> current;
  private volatile long nextFetch;
  private boolean fetching;
  private @Nullable UnavailableException lastFailure;

  /**
   * @param thread the name of the thread that fetches
   */
  Refreshed(String thread, Clock clock, Source<T> source) {
    this.thread = thread;
    this.clock = clock;
    this.source = source;
    this.nextFetch = clock.nanoTime();
  }

  /** The value, waited for at most this long where there is none yet. */
  T get(Duration patience) throws UnavailableException, InterruptedException {
    var now = current;
    if (now != null && clock.nanoTime() - nextFetch < 0 && usable(now)) return now.value();
    return getOrFetch(clock.nanoTime() + patience.toNanos());
  }

  /** Begins to fetch, where that is due, without waiting for it. */
  void prepare() {
    lock.lock();
    try {
      fetchIfDue();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the value: somebody found it to be of no use. */
  void invalidate() {
    lock.lock();
    try {
      current = null;
      lastFailure = null;
      nextFetch = clock.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private T getOrFetch(long until) throws UnavailableException, InterruptedException {
    lock.lockInterruptibly();
    try {
      fetchIfDue();
      while (true) {
        var now = current;
        if (now != null && usable(now)) return now.value();
        if (!fetching && lastFailure != null) throw lastFailure;
        if (!fetching || clock.nanoTime() - until >= 0) {
          throw new UnavailableException("not found out yet", null);
        }
        var _ = clock.awaitUntil(lock, fetchedOrFailed, until);
      }
    } finally {
      lock.unlock();
    }
  }

  private void fetchIfDue() {
    if (fetching || clock.nanoTime() - nextFetch < 0) return;
    fetching = true;
    Thread.ofVirtual().name(thread).start(this::fetch);
  }

  private void fetch() {
    Fetched<T> value = null;
    UnavailableException failure = null;
    try {
      value = source.fetch();
    } catch (UnavailableException e) {
      failure = e;
    } catch (RuntimeException e) { // the root of this thread: a bug must not leave callers waiting
      failure = new UnavailableException(String.valueOf(e), e);
    }
    lock.lock();
    try {
      fetching = false;
      if (value != null) current = value;
      lastFailure = failure;
      var pause = value == null ? PAUSE_AFTER_FAILURE : value.freshFor();
      nextFetch = clock.nanoTime() + pause.toNanos();
      fetchedOrFailed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean usable(Fetched<T> value) {
    return value.expires() == null || clock.now().isBefore(value.expires());
  }
}
