package io.raybridge.processors.probabilisticsampler;

/** What an item says of how it was sampled before, and where it is told how it was now. */
interface Carrier {
  boolean hasRandomness();

  long randomness();

  void setRandomness(long randomness);

  boolean hasThreshold();

  long threshold();

  void setThreshold(long threshold);

  void clearThreshold();

  /** Puts what was set into the item. */
  void write();
}
