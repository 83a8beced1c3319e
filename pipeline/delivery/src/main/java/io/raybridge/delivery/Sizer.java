package io.raybridge.delivery;

import io.raybridge.data.Batch;

/** What the size of a queue or batch is counted in. */
public enum Sizer {
  REQUESTS,
  ITEMS,
  BYTES;

  long sizeOf(Batch batch) {
    return switch (this) {
      case REQUESTS -> 1;
      case ITEMS -> batch.items();
      case BYTES -> batch.sizeBytes();
    };
  }

  /** What one unit is called in the labels of the Collector's own metrics. */
  String unit() {
    return switch (this) {
      case REQUESTS -> "{batches}";
      case ITEMS -> "{items}";
      case BYTES -> "By";
    };
  }
}
