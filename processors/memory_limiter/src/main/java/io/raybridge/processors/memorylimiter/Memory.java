package io.raybridge.processors.memorylimiter;

/** The process's memory, of which there is one however many limiters look at it. */
interface Memory {
  /** Bytes of heap that survived collections or may have, garbage among them. */
  long heap();

  /** The most that {@link #heap()} can be. */
  long maxHeap();

  /** Bytes outside the heap in direct buffers. */
  long direct();

  /** Bytes that the container, or else the machine, has. */
  long total();

  /** Collects garbage now unless that was done less than so many nanoseconds ago. */
  boolean collect(long now, long notWithin);
}
