package io.raybridge.processors.batch;

import io.raybridge.data.Batch;
import io.raybridge.data.ClientMetadata;
import org.jspecify.annotations.Nullable;

/** What batches that are put together have in common; null where nothing keeps them apart. */
record Apart(@Nullable ClientMetadata client) {
  static Apart of(Batch batch) {
    return new Apart(batch.client());
  }
}
