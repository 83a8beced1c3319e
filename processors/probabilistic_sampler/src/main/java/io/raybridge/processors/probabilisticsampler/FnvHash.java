package io.raybridge.processors.probabilisticsampler;

/**
 * The hash of mode {@code hash_seed}: 32-bit FNV-1a over the seed, least byte first, and the bytes;
 * and the randomness that is made of it, bit for bit as in the Go Collector, since all collectors
 * of a tier must choose the same items.
 */
final class FnvHash {
  static final int BUCKETS = 0x4000;
  private static final int OFFSET = 0x811c9dc5;
  private static final int PRIME = 0x01000193;

  private FnvHash() {}

  static int hash(long seed, byte[] bytes) {
    int hash = seed(seed);
    for (byte b : bytes) hash = (hash ^ (b & 0xff)) * PRIME;
    return hash;
  }

  /** The hash of the 16 bytes of a trace id. */
  static int hash(long seed, long traceIdHi, long traceIdLo) {
    return add(add(seed(seed), traceIdHi), traceIdLo);
  }

  /**
   * 56 bits whose upper 14 decide as Go's first sampler did, which kept what hashed below the rate
   * in 16384ths: turned round, since a threshold keeps what is above it.
   */
  static long randomness(int hash) {
    long bucket = hash & (BUCKETS - 1);
    long unused = (hash & 0xffff_ffffL) >>> 18;
    long mixed = unused ^ (unused << 10);
    return ((BUCKETS - 1 - bucket) << 42) | (mixed << 14) | bucket;
  }

  private static int seed(long seed) {
    int hash = OFFSET;
    for (int i = 0; i < 4; i++) hash = (hash ^ (int) ((seed >> (8 * i)) & 0xff)) * PRIME;
    return hash;
  }

  private static int add(int hash, long bytes) {
    int sum = hash;
    for (int i = 56; i >= 0; i -= 8) sum = (sum ^ (int) ((bytes >> i) & 0xff)) * PRIME;
    return sum;
  }
}
