package io.raybridge.distribution;

import io.raybridge.api.Clock;
import io.raybridge.api.Periodic;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the heap collected as a whole when much in its old part must be dead, long before it is full.
 *
 * <p>The serial collector looks at the old generation only when the heap has grown to its bound.
 * What a burst of large requests leaves there is dead a moment later, yet the process would keep
 * that memory for good: the bound is for an outage, when the queue is full. A collection takes some
 * 20 ms, since little is alive, and gives the rest back to the system. It comes sooner when the
 * burst is over, so that what it left does not stay for as long as nothing comes.
 *
 * <p>A collection in the middle of a burst finds most of it alive. So where one has left much,
 * there is another when the burst may be over, and if that was in vain, the next one later and
 * later.
 */
final class OldGeneration {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** The JVM's management takes longer to load than the start allows. */
  private static final int LOOKS_NOT_TAKEN = 2;

  private static final String OF_SERIAL_COLLECTOR = "Tenured Gen";

  /** How much may come to it after a collection until the next one, in bytes. */
  static final long SLACK = 24 << 20;

  /** The same once nothing has come to it for {@link #QUIET} looks. */
  static final long REMNANT = 8 << 20;

  static final int QUIET = 1;

  /**
   * After how many looks what a collection left is looked at again: 30 s at first, then up to 16
   * min.
   */
  static final int PATIENCE = 30;

  private static final int MOST_PATIENCE = PATIENCE << 5;

  private final LongSupplier used;
  private final Runnable collection;
  private long floor;
  private long last;
  private int quiet;
  private int looks;
  private int patience = PATIENCE;

  /**
   * @param used its bytes in use, dead ones included
   * @param collection collects it now
   */
  OldGeneration(LongSupplier used, Runnable collection) {
    this.used = used;
    this.collection = collection;
  }

  /** Watches this process's heap until closed; other collectors need no help. */
  static Periodic watch(Clock clock) {
    return clock.every(INTERVAL, new OfThisProcess());
  }

  private static final class OfThisProcess implements Runnable {
    private int looks;
    private @Nullable OldGeneration old;

    @Override
    public void run() {
      if (looks == LOOKS_NOT_TAKEN) old = find();
      looks++;
      if (old != null) old.look();
    }

    private static @Nullable OldGeneration find() {
      for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
        if (!pool.getName().equals(OF_SERIAL_COLLECTOR)) continue;
        return new OldGeneration(() -> pool.getUsage().getUsed(), System::gc);
      }
      return null;
    }
  }

  /** Collects if more has come since the last time than may stay, or much was left then. */
  void look() {
    long now = used.getAsLong();
    looks++;
    quiet = now == last ? quiet + 1 : 0;
    if (now - floor > (quiet < QUIET ? SLACK : REMNANT)) {
      collect();
      patience = PATIENCE;
    } else if (floor > SLACK && looks >= patience) {
      collect();
      patience = now - floor > SLACK / 2 ? PATIENCE : Math.min(2 * patience, MOST_PATIENCE);
    } else {
      floor = Math.min(floor, now);
    }
    last = used.getAsLong();
  }

  private void collect() {
    collection.run();
    floor = used.getAsLong();
    looks = 0;
  }
}
