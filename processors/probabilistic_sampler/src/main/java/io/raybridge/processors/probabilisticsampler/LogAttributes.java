package io.raybridge.processors.probabilisticsampler;

import io.raybridge.data.Attributes;
import io.raybridge.sampling.Threshold;
import org.jspecify.annotations.Nullable;

/** A log record's sampling, which stands in two of its attributes. */
final class LogAttributes implements Carrier {
  private static final String THRESHOLD = "sampling.threshold";
  private static final String RANDOMNESS = "sampling.randomness";

  private final Attributes attributes;
  private @Nullable Long randomness;
  private @Nullable Long threshold;

  private LogAttributes(Attributes attributes) {
    this.attributes = attributes;
  }

  /** Reads a record's; null when they are not what they should be. */
  static @Nullable LogAttributes of(Attributes attributes) {
    var read = new LogAttributes(attributes);
    String threshold = attributes.getString(THRESHOLD);
    String randomness = attributes.getString(RANDOMNESS);
    if (threshold != null && !threshold.isEmpty()) {
      read.threshold = Threshold.parse(threshold);
      if (read.threshold == null) return null;
    }
    if (randomness != null && !randomness.isEmpty()) {
      read.randomness = Threshold.parseRandomness(randomness);
      if (read.randomness == null) return null;
    }
    return read;
  }

  @Override
  public boolean hasRandomness() {
    return randomness != null;
  }

  @Override
  public long randomness() {
    return randomness == null ? 0 : randomness;
  }

  @Override
  public void setRandomness(long value) {
    randomness = value;
    attributes.put(RANDOMNESS, Threshold.randomnessText(value));
  }

  @Override
  public boolean hasThreshold() {
    return threshold != null;
  }

  @Override
  public long threshold() {
    return threshold == null ? Threshold.ALWAYS : threshold;
  }

  @Override
  public void setThreshold(long value) {
    threshold = value;
  }

  @Override
  public void clearThreshold() {
    threshold = null;
    attributes.remove(THRESHOLD);
  }

  @Override
  public void write() {
    if (threshold != null) attributes.put(THRESHOLD, Threshold.text(threshold));
  }
}
