package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ManualClockTest {
  private final ManualClock clock = new ManualClock();

  @Test
  void advance_movesBothClocks() throws Exception {
    var before = clock.now();

    clock.advance(Duration.ofSeconds(90));

    assertThat(clock.nanoTime()).isEqualTo(90_000_000_000L);
    assertThat(clock.now()).isEqualTo(before.plusSeconds(90));
  }

  @Test
  void sleepers_wakeInOrderOfTimeAndSeeTheirOwnMoment() throws Exception {
    var woken = new ArrayList<Long>();
    var threads = new ArrayList<Thread>();
    for (long millis : List.of(30L, 10L, 20L)) {
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              clock.sleep(Duration.ofMillis(millis));
              synchronized (woken) {
                woken.add(millis);
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }));
    }
    clock.awaitWaiting(3);

    assertThat(clock.advanceToNext()).isEqualTo(Duration.ofMillis(10));
    clock.advance(Duration.ofMillis(9));
    threads.get(1).join();
    assertThat(clock.waiting()).isEqualTo(2);
    clock.advance(Duration.ofMillis(1));
    threads.get(2).join();
    clock.advance(Duration.ofMillis(100));
    threads.get(0).join();

    assertThat(woken).containsExactly(10L, 20L, 30L);
  }

  @Test
  void periodicWork_isDoneAtFullMultiplesUntilClosed() throws Exception {
    var moments = new ArrayList<Long>();
    clock.advance(Duration.ofMillis(300));
    var periodic =
        clock.every(Duration.ofSeconds(1), () -> moments.add(clock.nanoTime() / 1_000_000));
    for (int i = 0; i < 3; i++) {
      clock.awaitWaiting(1);
      clock.advance(Duration.ofMillis(900));
    }
    clock.awaitWaiting(1);

    assertThat(moments).containsExactly(1_000L, 2_000L, 3_000L);
    periodic.close();
  }

  @Test
  void momentAlreadyReached_doesNotWait() throws Exception {
    clock.advance(Duration.ofSeconds(1));
    var lock = new ReentrantLock();
    var condition = lock.newCondition();
    lock.lock();
    try {
      assertThat(clock.awaitUntil(lock, condition, clock.nanoTime())).isFalse();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void signal_wakesBeforeTheMoment() throws Exception {
    var lock = new ReentrantLock();
    var condition = lock.newCondition();
    var results = new ArrayList<Boolean>();
    var waiter =
        Thread.startVirtualThread(() -> {
          lock.lock();
          try {
            results.add(clock.awaitUntil(lock, condition, 1_000));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            lock.unlock();
          }
        });
    clock.awaitWaiting(1);

    lock.lock();
    try {
      condition.signalAll();
    } finally {
      lock.unlock();
    }
    waiter.join();

    assertThat(results).containsExactly(true);
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void interrupt_endsAWaitAndForgetsIt() throws Exception {
    var interrupted = new ArrayList<Boolean>();
    var sleeper =
        Thread.startVirtualThread(() -> {
          try {
            clock.sleep(Duration.ofDays(1));
          } catch (InterruptedException e) {
            interrupted.add(true);
          }
        });
    clock.awaitWaiting(1);

    sleeper.interrupt();
    sleeper.join();

    assertThat(interrupted).containsExactly(true);
    assertThat(clock.waiting()).isZero();
  }
}
