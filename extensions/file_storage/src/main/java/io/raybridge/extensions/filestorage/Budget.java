package io.raybridge.extensions.filestorage;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all files of one extension take, and may take. */
final class Budget {
  private final long most;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param most 0 is no limit
   */
  Budget(long most) {
    this.most = most == 0 ? Long.MAX_VALUE : most;
  }

  /** Takes bytes, if there are as many. */
  boolean take(long bytes) {
    long before;
    do {
      before = used.get();
      if (bytes > most - before) return false;
    } while (!used.compareAndSet(before, before + bytes));
    return true;
  }

  /** Counts bytes that are taken already. */
  void found(long bytes) {
    used.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }

  long most() {
    return most;
  }
}
