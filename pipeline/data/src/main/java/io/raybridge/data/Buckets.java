package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** The buckets of an exponential histogram on one side of zero. */
public final class Buckets {
  int offset;
  long[] bucketCounts = No.LONGS;
  boolean present;
  @Nullable UnknownFields unknown;

  /** The index of the first bucket. */
  public int offset() {
    return offset;
  }

  /** Sets the index of the first bucket. */
  public Buckets offset(int value) {
    offset = value;
    return this;
  }

  /** How many values fell in each bucket. The array itself, not a copy. */
  public long[] bucketCounts() {
    return bucketCounts;
  }

  /** Sets how many values fell in each bucket. */
  public Buckets bucketCounts(long... values) {
    bucketCounts = values;
    return this;
  }

  /** Whether there are no buckets on this side. */
  boolean isAbsent() {
    return !present && offset == 0 && bucketCounts.length == 0 && unknown == null;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Buckets copy() {
    var copy = new Buckets();
    copy.offset = offset;
    copy.bucketCounts = bucketCounts.clone();
    copy.present = present;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
