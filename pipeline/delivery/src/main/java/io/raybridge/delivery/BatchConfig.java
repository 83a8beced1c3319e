package io.raybridge.delivery;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.MetadataKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code sending_queue.batch}, with the Go exporterhelper's names and defaults. */
public record BatchConfig(
    @Key(doc = "A batch leaves after this time, whatever its size.", def = "200ms")
        Duration flushTimeout,
    @Key(
            doc =
                "What `min_size` and `max_size` count: `items` or `bytes`. Without it the queue's"
                    + " own `sizer`, or `items` where that is `requests`.")
        Optional<Sizer> sizer,
    @Key(doc = "A batch leaves as soon as it has this size.", def = "8192", min = 0) long minSize,
    @Key(doc = "No batch leaves larger than this; 0 is no limit.", def = "0", min = 0) long maxSize,
    @Key(
            doc =
                "Keep batches apart by what their clients sent beside them, for which the receiver"
                    + " needs `include_metadata: true`.")
        Partition partition) {

  /** Keys under {@code sending_queue.batch.partition}. */
  public record Partition(
      @Key(
              doc =
                  "Names of header fields: what differs in the values of one of them is sent apart."
                      + " In any case; a field that is empty and one that was not sent differ, too.",
              def = "[]")
          List<String> metadataKeys) {
    public Partition {
      MetadataKeys _ = MetadataKeys.of("metadata_keys", metadataKeys);
    }

    MetadataKeys keys() {
      return new MetadataKeys(metadataKeys);
    }
  }

  public BatchConfig {
    if (!flushTimeout.isPositive()) {
      throw new Invalid("flush_timeout", flushTimeout, "more than 0");
    }
    if (sizer.isPresent() && sizer.get() == Sizer.REQUESTS) {
      throw new Invalid("sizer", "requests (expected: items or bytes)");
    }
    if (maxSize > 0 && maxSize < minSize) {
      throw new Invalid(
          "max_size", maxSize + " (expected: 0 or not less than min_size, " + minSize + ")");
    }
  }

  BatchConfig sizedAs(Sizer queue) {
    if (sizer.isPresent()) return this;
    var inherited = Optional.of(queue == Sizer.REQUESTS ? Sizer.ITEMS : queue);
    return new BatchConfig(flushTimeout, inherited, minSize, maxSize, partition);
  }
}
