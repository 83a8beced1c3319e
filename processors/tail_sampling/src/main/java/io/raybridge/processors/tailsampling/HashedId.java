package io.raybridge.processors.tailsampling;

import java.nio.charset.StandardCharsets;

/**
 * Samples a part of the trace ids by 64-bit FNV-1a of a salt and the id, bit for bit as the Go
 * Collector does: all collectors of a tier must choose the same traces.
 */
final class HashedId implements Judge {
  private static final String DEFAULT_SALT = "default-hash-seed";
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private final long salted;
  private final long threshold;
  private final boolean all;

  HashedId(Policy.Probabilistic config) {
    var salt = config.hashSalt().isEmpty() ? DEFAULT_SALT : config.hashSalt();
    long hash = OFFSET;
    for (byte b : salt.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (b & 0xff)) * PRIME;
    salted = hash;
    double part = Math.max(0, config.samplingPercentage() / 100);
    all = part >= 1;
    // Of 2^64, in two halves since a double does not reach the upper one.
    double upper = part * 0x1p32;
    threshold = ((long) upper << 32) | (long) ((upper - Math.floor(upper)) * 0x1p32);
  }

  static long hash(long salted, long hi, long lo) {
    return add(add(salted, hi), lo);
  }

  private static long add(long hash, long bytes) {
    long sum = hash;
    for (int i = 56; i >= 0; i -= 8) sum = (sum ^ ((bytes >>> i) & 0xff)) * PRIME;
    return sum;
  }

  @Override
  public Judgement end(Whole trace) {
    long hash = hash(salted, trace.hi(), trace.lo());
    return Judge.of(all || Long.compareUnsigned(hash, threshold) <= 0);
  }
}
