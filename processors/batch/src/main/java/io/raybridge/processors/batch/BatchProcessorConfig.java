package io.raybridge.processors.batch;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
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
            doc = "Separate batches by these keys of the client's metadata.",
            notYet = "all batches of a pipeline go together")
        List<String> metadataKeys,
    @Key(
            doc = "How many combinations of metadata there may be.",
            def = "1000",
            min = 0,
            noEffect = "it limits metadata_keys, which are not built in")
        int metadataCardinalityLimit,
    @Key(
            doc =
                "Extension that keeps on disk what waits here, such as `file_storage`: with it clients"
                    + " are answered at once. Not a key of the Go Collector.")
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
  }

  BatchRequest request() {
    return new BatchRequest(sendBatchSize, sendBatchMaxSize, timeout);
  }
}
