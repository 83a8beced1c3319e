package io.raybridge.distribution;

import io.raybridge.api.Clock;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Has the heap collected as a whole when much in its old part must be dead, long before it is full.
 *
 * <p>The serial collector looks at the old generation only when the heap has grown to its bound.
 * What a burst of large requests leaves there is dead a moment later, yet the process would keep
 * that memory for good: the bound is for an outage, when the queue is full. A collection takes some
 * 20 ms, since little is alive, and gives the rest back to the system.
 */
final class OldGeneration {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final String OF_SERIAL_COLLECTOR = "Tenured Gen";

  /** How much may come to it after a collection until the next one, in bytes. */
  static final long SLACK = 32 << 20;

  private final LongSupplier used;
  private final Runnable collection;
  private long floor;

  /**
   * @param used its bytes in use, dead ones included
   * @param collection collects it now
   */
  OldGeneration(LongSupplier used, Runnable collection) {
    this.used = used;
    this.collection = collection;
  }

  /** Watches this process's heap until interrupted; other collectors need no help. */
  static void watch(Clock clock) {
    try {
      // Not at once: the JVM's management takes longer to load than the rest of the start allows.
      clock.sleep(INTERVAL.multipliedBy(4));
      for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
        if (pool.getName().equals(OF_SERIAL_COLLECTOR)) watch(clock, pool);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void watch(Clock clock, MemoryPoolMXBean pool) throws InterruptedException {
    var old = new OldGeneration(() -> pool.getUsage().getUsed(), System::gc);
    while (true) {
      clock.sleep(INTERVAL);
      old.look();
    }
  }

  /** Collects if more than the slack has come since the last time. */
  void look() {
    long now = used.getAsLong();
    if (now - floor > SLACK) {
      collection.run();
      now = used.getAsLong();
      floor = now;
    } else {
      floor = Math.min(floor, now);
    }
  }
}
