package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One set of quantiles. */
public final class SummaryPoint {
  final Attributes attributes;
  long startTimeUnixNano;
  long timeUnixNano;
  long count;
  double sum;
  @Nullable List<Quantile> quantiles;
  int flags;
  @Nullable UnknownFields unknown;

  public SummaryPoint() {
    this(new Attributes());
  }

  private SummaryPoint(Attributes attributes) {
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
  public SummaryPoint startTimeUnixNano(long value) {
    startTimeUnixNano = value;
    return this;
  }

  /** When the value was true. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when the value was true. */
  public SummaryPoint timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** How many values were measured; unsigned. */
  public long count() {
    return count;
  }

  /** Sets how many values were measured; unsigned. */
  public SummaryPoint count(long value) {
    count = value;
    return this;
  }

  /** The sum of all values. */
  public double sum() {
    return sum;
  }

  /** Sets the sum of all values. */
  public SummaryPoint sum(double value) {
    sum = value;
    return this;
  }

  /** The quantiles that the sender computed. */
  public List<Quantile> quantiles() {
    if (quantiles == null) quantiles = new ArrayList<>(4);
    return quantiles;
  }

  /** 1 when there is no recorded value. */
  public int flags() {
    return flags;
  }

  /** Sets 1 when there is no recorded value. */
  public SummaryPoint flags(int value) {
    flags = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public SummaryPoint copy() {
    var copy = new SummaryPoint(attributes.copy());
    copy.startTimeUnixNano = startTimeUnixNano;
    copy.timeUnixNano = timeUnixNano;
    copy.count = count;
    copy.sum = sum;
    copy.quantiles = Lists.copy(quantiles, Quantile::copy);
    copy.flags = flags;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
