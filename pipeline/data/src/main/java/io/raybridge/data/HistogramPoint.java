package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One distribution over buckets with explicit bounds. */
public final class HistogramPoint {
  final Attributes attributes;
  long startTimeUnixNano;
  long timeUnixNano;
  long count;
  double sum;
  boolean hasSum;
  long[] bucketCounts = No.LONGS;
  double[] explicitBounds = No.DOUBLES;
  @Nullable List<Exemplar> exemplars;
  int flags;
  double min;
  boolean hasMin;
  double max;
  boolean hasMax;
  @Nullable UnknownFields unknown;

  public HistogramPoint() {
    this(new Attributes());
  }

  private HistogramPoint(Attributes attributes) {
    this.attributes = attributes;
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
  public HistogramPoint startTimeUnixNano(long value) {
    startTimeUnixNano = value;
    return this;
  }

  /** When the value was true. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when the value was true. */
  public HistogramPoint timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** How many values were measured; unsigned. */
  public long count() {
    return count;
  }

  /** Sets how many values were measured; unsigned. */
  public HistogramPoint count(long value) {
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
  public HistogramPoint sum(double value) {
    sum = value;
    hasSum = true;
    return this;
  }

  /** Forgets sum. */
  public void clearSum() {
    sum = 0;
    hasSum = false;
  }

  /** How many values fell in each bucket. The array itself, not a copy. */
  public long[] bucketCounts() {
    return bucketCounts;
  }

  /** Sets how many values fell in each bucket. */
  public HistogramPoint bucketCounts(long... values) {
    bucketCounts = values;
    return this;
  }

  /** The upper bound of each bucket but the last. The array itself, not a copy. */
  public double[] explicitBounds() {
    return explicitBounds;
  }

  /** Sets the upper bound of each bucket but the last. */
  public HistogramPoint explicitBounds(double... values) {
    explicitBounds = values;
    return this;
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
  public HistogramPoint flags(int value) {
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
  public HistogramPoint min(double value) {
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
  public HistogramPoint max(double value) {
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
  public HistogramPoint copy() {
    var copy = new HistogramPoint(attributes.copy());
    copy.startTimeUnixNano = startTimeUnixNano;
    copy.timeUnixNano = timeUnixNano;
    copy.count = count;
    copy.sum = sum;
    copy.hasSum = hasSum;
    copy.bucketCounts = bucketCounts.clone();
    copy.explicitBounds = explicitBounds.clone();
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
