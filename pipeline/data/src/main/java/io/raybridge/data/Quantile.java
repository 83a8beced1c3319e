package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** The value below which a share of the values lies. */
public final class Quantile {
  double quantile;
  double value;
  @Nullable UnknownFields unknown;

  /** The share, from 0 to 1. */
  public double quantile() {
    return quantile;
  }

  /** Sets the share, from 0 to 1. */
  public Quantile quantile(double value) {
    quantile = value;
    return this;
  }

  /** The value. */
  public double value() {
    return value;
  }

  /** Sets the value. */
  public Quantile value(double value) {
    this.value = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Quantile copy() {
    var copy = new Quantile();
    copy.quantile = quantile;
    copy.value = value;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
