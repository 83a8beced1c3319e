package io.raybridge.sampling;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Things that one caller uses at a time and that are costly to make: scans, for one. */
public final class Pool<T> {
  private static final int MOST = 16;

  private final Supplier<T> making;
  private final ArrayDeque<T> idle = new ArrayDeque<>(MOST);

  public Pool(Supplier<T> making) {
    this.making = making;
  }

  /** One that nobody else has. */
  public T take() {
    synchronized (this) {
      var known = idle.pollLast();
      if (known != null) return known;
    }
    return making.get();
  }

  /** Gives it back, for others. */
  public synchronized void giveBack(T one) {
    if (idle.size() < MOST) idle.addLast(one);
  }
}
