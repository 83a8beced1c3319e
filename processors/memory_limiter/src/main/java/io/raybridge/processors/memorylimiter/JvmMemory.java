package io.raybridge.processors.memorylimiter;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * This JVM's memory, from its management beans.
 *
 * <p>Eden does not count: what is there is mostly garbage that the next young collection frees for
 * almost nothing, and counting it would make every busy collector look full. What is left, the
 * memory of survivors, has its own maximum below -Xmx with the generational collectors, and that is
 * the one that ends in an OutOfMemoryError.
 */
final class JvmMemory implements Memory {
  private final List<MemoryPoolMXBean> survivors = new ArrayList<>();
  private final List<BufferPoolMXBean> direct = new ArrayList<>();
  private boolean collected;
  private long collectedAt;

  private JvmMemory() {
    for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
      boolean eden = pool.getName().toLowerCase(Locale.ROOT).contains("eden");
      if (pool.getType() == MemoryType.HEAP && !eden) survivors.add(pool);
    }
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) direct.add(pool);
    }
  }

  /** The one there is; its beans are looked up on first use, off the way of a start. */
  static JvmMemory instance() {
    return Holder.INSTANCE;
  }

  private static final class Holder {
    static final JvmMemory INSTANCE = new JvmMemory();
  }

  @Override
  public long heap() {
    long used = 0;
    for (var pool : survivors) used += pool.getUsage().getUsed();
    return used;
  }

  @Override
  public long maxHeap() {
    long max = 0;
    for (var pool : survivors) {
      long most = pool.getUsage().getMax();
      // A pool without a maximum of its own (G1's survivors) shares the heap's.
      if (most > 0) max += most;
    }
    long heap = Runtime.getRuntime().maxMemory();
    return max == 0 ? heap : Math.min(max, heap);
  }

  @Override
  public long direct() {
    long used = 0;
    for (var pool : direct) used += Math.max(0, pool.getMemoryUsed());
    return used;
  }

  @Override
  public long total() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  @Override
  public synchronized boolean collect(long now, long notWithin) {
    if (collected && now - collectedAt < notWithin) return false;
    collected = true;
    collectedAt = now;
    System.gc();
    return true;
  }
}
