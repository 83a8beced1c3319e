package io.raybridge.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all requests that are being received or worked on, so that a burst of clients
 * is told to come again instead of filling the heap. A request that is alone is always let in.
 */
final class MemoryBudget {
  /** What servers share when not told otherwise: a quarter of the heap. */
  static final MemoryBudget SHARED = new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** An account for one request, empty so far. */
  Lease lease() {
    return new Lease();
  }

  long used() {
    return used.get();
  }

  /** What one request holds. Used by one thread at a time; closing twice is harmless. */
  final class Lease implements AutoCloseable {
    private final AtomicLong held = new AtomicLong();

    /** Takes this many bytes more, or nothing when others already hold too much. */
    boolean grow(long bytes) {
      long total = used.addAndGet(bytes);
      if (total > limit && total - bytes > held.get()) {
        used.addAndGet(-bytes);
        return false;
      }
      held.addAndGet(bytes);
      return true;
    }

    @Override
    public void close() {
      used.addAndGet(-held.getAndSet(0));
    }
  }
}
