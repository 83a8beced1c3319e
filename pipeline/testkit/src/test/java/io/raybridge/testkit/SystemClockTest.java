package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Periodic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemClockTest {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  @Test
  void periodicWork_isDoneOnOneThreadByAll() throws Exception {
    var threads = ConcurrentHashMap.<Thread>newKeySet();

    var first = new CountDownLatch(3);
    try (var _ = every(first, threads)) {
      await(3, threads);
      first.await();
    }

    assertThat(threads).hasSize(1);
  }

  @Test
  void workThatThrew_isToldAndDoneAgain() throws Exception {
    var before = Thread.getDefaultUncaughtExceptionHandler();
    var told = new CountDownLatch(3);
    Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> told.countDown());
    Runnable bug =
        () -> {
          throw new IllegalStateException("a bug");
        };
    try (var _ = Clock.SYSTEM.every(INTERVAL, bug)) {
      told.await();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }

    assertThat(told.getCount()).isZero();
  }

  @Test
  void closedByItsOwnWork_isNotDoneAgain() throws Exception {
    var done = new AtomicInteger();
    var self = new CompletableFuture<Periodic>();
    Runnable once =
        () -> {
          done.incrementAndGet();
          self.join().close();
        };
    self.complete(Clock.SYSTEM.every(INTERVAL, once));

    await(5, ConcurrentHashMap.newKeySet());

    assertThat(done).hasValue(1);
  }

  private static void await(int times, Set<Thread> threads) throws InterruptedException {
    var latch = new CountDownLatch(times);
    try (var _ = every(latch, threads)) {
      latch.await();
    }
  }

  private static Periodic every(CountDownLatch latch, Set<Thread> threads) {
    return Clock.SYSTEM.every(
        INTERVAL,
        () -> {
          threads.add(Thread.currentThread());
          latch.countDown();
        });
  }
}
