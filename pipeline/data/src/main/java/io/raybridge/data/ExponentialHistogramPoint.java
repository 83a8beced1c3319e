package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One distribution over buckets of exponentially growing width. */
public final class ExponentialHistogramPoint {
  final Attributes attributes;
  long startTimeUnixNano;
  long timeUnixNano;
  long count;
  double sum;
  boolean hasSum;
  int scale;
  long zeroCount;
  double zeroThreshold;
  final Buckets positive;
  final Buckets negative;
  @Nullable List<Exemplar> exemplars;
  int flags;
  double min;
  boolean hasMin;
  double max;
  boolean hasMax;
  @Nullable UnknownFields unknown;

  public ExponentialHistogramPoint() {
    this(new Attributes(), new Buckets(), new Buckets());
  }

  private ExponentialHistogramPoint(Attributes attributes, Buckets positive, Buckets negative) {
    this.attributes = attributes;
    this.positive = positive;
    this.negative = negative;
  }

  /** What tells this point from the others. */
  public Attributes attributes() {
    return attributes;
  }

  /** When counting began, 0 for unknown. */
  public long startTimeUnixNano() {
    return startTimeUnixNano;
  }

  /** Sets when counting began, 0 for unknown. */
  public ExponentialHistogramPoint startTimeUnixNano(long value) {
    startTimeUnixNano = value;
    return this;
  }

  /** When the value was true. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when the value was true. */
  public ExponentialHistogramPoint timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** How many values were measured; unsigned. */
  public long count() {
    return count;
  }

  /** Sets how many values were measured; unsigned. */
  public ExponentialHistogramPoint count(long value) {
    count = value;
    return this;
  }

  /** The sum of all values. 0 when it was not recorded. */
  public double sum() {
    return sum;
  }

  /** Whether sum was recorded. */
  public boolean hasSum() {
    return hasSum;
  }

  /** Records sum. */
  public ExponentialHistogramPoint sum(double value) {
    sum = value;
    hasSum = true;
    return this;
  }

  /** Forgets sum. */
  public void clearSum() {
    sum = 0;
    hasSum = false;
  }

  /** The resolution: the base is 2 to the power of 2 to the power of -scale. */
  public int scale() {
    return scale;
  }

  /** Sets the resolution: the base is 2 to the power of 2 to the power of -scale. */
  public ExponentialHistogramPoint scale(int value) {
    scale = value;
    return this;
  }

  /** How many values fell in the bucket of zero. */
  public long zeroCount() {
    return zeroCount;
  }

  /** Sets how many values fell in the bucket of zero. */
  public ExponentialHistogramPoint zeroCount(long value) {
    zeroCount = value;
    return this;
  }

  /** Up to where, in either direction, the bucket of zero reaches. */
  public double zeroThreshold() {
    return zeroThreshold;
  }

  /** Sets up to where, in either direction, the bucket of zero reaches. */
  public ExponentialHistogramPoint zeroThreshold(double value) {
    zeroThreshold = value;
    return this;
  }

  /** The buckets above zero. */
  public Buckets positive() {
    return positive;
  }

  /** The buckets below zero. */
  public Buckets negative() {
    return negative;
  }

  /** Samples of what was measured. */
  public List<Exemplar> exemplars() {
    if (exemplars == null) exemplars = new ArrayList<>(4);
    return exemplars;
  }

  /** 1 when there is no recorded value. */
  public int flags() {
    return flags;
  }

  /** Sets 1 when there is no recorded value. */
  public ExponentialHistogramPoint flags(int value) {
    flags = value;
    return this;
  }

  /** The smallest value. 0 when it was not recorded. */
  public double min() {
    return min;
  }

  /** Whether min was recorded. */
  public boolean hasMin() {
    return hasMin;
  }

  /** Records min. */
  public ExponentialHistogramPoint min(double value) {
    min = value;
    hasMin = true;
    return this;
  }

  /** Forgets min. */
  public void clearMin() {
    min = 0;
    hasMin = false;
  }

  /** The largest value. 0 when it was not recorded. */
  public double max() {
    return max;
  }

  /** Whether max was recorded. */
  public boolean hasMax() {
    return hasMax;
  }

  /** Records max. */
  public ExponentialHistogramPoint max(double value) {
    max = value;
    hasMax = true;
    return this;
  }

  /** Forgets max. */
  public void clearMax() {
    max = 0;
    hasMax = false;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ExponentialHistogramPoint copy() {
    var copy = new ExponentialHistogramPoint(attributes.copy(), positive.copy(), negative.copy());
    copy.startTimeUnixNano = startTimeUnixNano;
    copy.timeUnixNano = timeUnixNano;
    copy.count = count;
    copy.sum = sum;
    copy.hasSum = hasSum;
    copy.scale = scale;
    copy.zeroCount = zeroCount;
    copy.zeroThreshold = zeroThreshold;
    copy.exemplars = Lists.copy(exemplars, Exemplar::copy);
    copy.flags = flags;
    copy.min = min;
    copy.hasMin = hasMin;
    copy.max = max;
    copy.hasMax = hasMax;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
