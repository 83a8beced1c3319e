package io.raybridge.processors.memorylimiter;

/**
 * From where on data is refused (soft) and collections are forced at once (hard), in bytes: what
 * was configured for heap and direct memory together, and what the JVM itself allows for the heap.
 * Whichever is reached first counts.
 */
record MemoryLimits(long soft, long hard, long softHeap, long hardHeap) {
  private static final long MIB = 1 << 20;
  private static final int DEFAULT_SPIKE = 5;

  static MemoryLimits of(MemoryLimiterConfig config, Memory memory) {
    boolean fixed = config.limitMib() > 0;
    double unit = fixed ? MIB : memory.total() / 100.0;
    double limit = unit * (fixed ? config.limitMib() : config.limitPercentage());
    double spike = unit * (fixed ? config.spikeLimitMib() : config.spikeLimitPercentage());
    if (spike == 0) spike = limit / DEFAULT_SPIKE;
    double own = memory.maxHeap();
    double heap = Math.min(limit, own);
    // A limit above -Xmx must still protect: the room shrinks in proportion.
    double heapSpike = spike * heap / limit;
    return new MemoryLimits(
        (long) (limit - spike), (long) limit, (long) (heap - heapSpike), (long) heap);
  }

  boolean isAboveSoft(Memory memory) {
    return isAbove(memory, soft, softHeap);
  }

  boolean isAboveHard(Memory memory) {
    return isAbove(memory, hard, hardHeap);
  }

  private static boolean isAbove(Memory memory, long limit, long heapLimit) {
    long heap = memory.heap();
    return heap >= heapLimit || heap + memory.direct() >= limit;
  }
}
