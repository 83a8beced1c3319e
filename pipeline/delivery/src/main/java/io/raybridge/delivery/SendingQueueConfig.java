package io.raybridge.delivery;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Storage;
import java.util.Optional;

/** Keys under {@code sending_queue}, with the Go exporterhelper's names and defaults. */
public record SendingQueueConfig(
    @Key(
            doc =
                "Whether batches are taken over and sent later. If not, the sender of each batch"
                    + " waits until it is sent.",
            def = "true")
        boolean enabled,
    @Key(doc = "Batches that are worked on at the same time.", def = "10", min = 1)
        int numConsumers,
    @Key(doc = "What `queue_size` counts: `requests`, `items` or `bytes`.", def = "requests")
        Sizer sizer,
    @Key(
            doc = "What the queue may hold, including what is being sent, counted by `sizer`.",
            def = "1000",
            min = 1)
        long queueSize,
    @Key(
            doc =
                "What the queue may hold in memory, in bytes, whatever `sizer` says; 0 is an eighth of"
                    + " the heap. With `storage`, more waits on disk only. Not a key of the Go"
                    + " Collector.",
            def = "0",
            min = 0)
        long maxBytes,
    @Key(
            doc = "Whether a full queue lets the sender wait instead of refusing the batch.",
            def = "false")
        boolean blockOnOverflow,
    @Key(
            doc =
                "Whether a batch is answered for only when it was sent. The answer is then the"
                    + " destination's.",
            def = "false")
        boolean waitForResult,
    @Key(
            doc =
                "Extension that keeps the queue on disk too, such as `file_storage`. What it has"
                    + " acknowledged survives the end of the process.",
            extension = Storage.class)
        Optional<String> storage,
    @Key(doc = "Puts batches together before they are sent.") Optional<BatchConfig> batch) {

  public SendingQueueConfig {
    if (storage.isPresent() && waitForResult) {
      throw new Invalid(
          "wait_for_result",
          "true (expected: false with storage, whose answer is that the batch is on disk)");
    }
    Sizer queueSizer = sizer;
    batch = batch.map(b -> b.sizedAs(queueSizer));
    if (batch.isPresent() && batch.get().sizer().equals(Optional.of(sizer))) {
      long minSize = batch.get().minSize();
      if (minSize > queueSize) {
        throw new Invalid(
            "batch.min_size", minSize + " (expected: not more than queue_size, " + queueSize + ")");
      }
    }
  }

  long effectiveMaxBytes() {
    return maxBytes == 0 ? Limits.shareOfHeap(8) : maxBytes;
  }
}
