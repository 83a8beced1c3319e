package io.raybridge.processors.batch;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Storage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys of the {@code batch} processor. */
public record BatchProcessorConfig(
    @Key(
            doc =
                "A batch leaves after this time, whatever its size; 0s sends at once and only splits.",
            def = "200ms")
        Duration timeout,
    @Key(
            doc = "A batch leaves as soon as it has this many spans, data points or log records.",
            def = "8192",
            min = 0,
            max = Integer.MAX_VALUE)
        int sendBatchSize,
    @Key(
            doc = "No batch leaves with more items than this; 0 is no limit.",
            def = "0",
            min = 0,
            max = Integer.MAX_VALUE)
        int sendBatchMaxSize,
    @Key(
            doc =
                "Names of header fields: batches whose clients sent other values of one of them are"
                    + " kept apart, for which the receiver needs `include_metadata: true`. In any"
                    + " case; a field that is empty and one that was not sent differ, too.",
            def = "[]")
        List<String> metadataKeys,
    @Key(
            doc =
                "So many combinations of such values are put together beside each other; of more,"
                    + " what waits longest leaves before its time. 0: no limit of its own.",
            def = "1000",
            min = 0,
            max = Integer.MAX_VALUE)
        int metadataCardinalityLimit,
    @Key(
            doc =
                "Extension that keeps on disk what waits here, such as `file_storage`: with it clients"
                    + " are answered at once. Not a key of the Go Collector.",
            extension = Storage.class)
        Optional<String> storage) {

  public BatchProcessorConfig {
    if (sendBatchMaxSize > 0 && sendBatchMaxSize < sendBatchSize) {
      throw new Invalid(
          "send_batch_max_size",
          sendBatchMaxSize
              + " (expected: 0 or not less than send_batch_size, "
              + sendBatchSize
              + ")");
    }
    MetadataKeys _ = MetadataKeys.of("metadata_keys", metadataKeys);
  }

  MetadataKeys apart() {
    return new MetadataKeys(metadataKeys);
  }

  int maxApart() {
    return metadataCardinalityLimit == 0 ? Integer.MAX_VALUE : metadataCardinalityLimit;
  }

  BatchRequest request() {
    if (metadataKeys.isEmpty()) {
      return new BatchRequest(sendBatchSize, sendBatchMaxSize, timeout);
    }
    return new BatchRequest(
        sendBatchSize, sendBatchMaxSize, timeout, apart(), metadataCardinalityLimit);
  }
}
