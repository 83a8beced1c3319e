package io.raybridge.delivery;

import io.raybridge.data.Batch;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Batches as the OTLP bytes that a spool keeps, and back. In front of them stands what the client
 * sent beside the batch, where that is kept: a byte of 0, which begins no OTLP, its length in four
 * bytes, and its content.
 */
final class OtlpBytes {
  private static final byte WITH_CLIENT = 0;
  private static final int CLIENT_AT = 1 + Integer.BYTES;

  private OtlpBytes() {}

  /** The arrays which, one after another, are the batch. */
  static List<byte[]> of(Batch batch) {
    var otlp =
        switch (batch) {
          case Traces traces -> traces.otlpChunks();
          case Metrics metrics -> metrics.otlpChunks();
          case Logs logs -> logs.otlpChunks();
        };
    var client = batch.client();
    if (client == null) return otlp;
    byte[] metadata = client.toBytes();
    var all = new ArrayList<byte[]>(1 + otlp.size());
    all.add(
        ByteBuffer.allocate(CLIENT_AT + metadata.length)
            .put(WITH_CLIENT)
            .putInt(metadata.length)
            .put(metadata)
            .array());
    all.addAll(otlp);
    return all;
  }

  /** The batch of these bytes, which are looked at as closely as those of a client. */
  static Batch batch(Signal signal, byte[] bytes) throws MalformedBatchException {
    if (bytes.length < CLIENT_AT || bytes[0] != WITH_CLIENT) return ofOtlp(signal, bytes);
    int end = CLIENT_AT + ByteBuffer.wrap(bytes).getInt(1);
    if (end < CLIENT_AT || end > bytes.length) {
      throw new MalformedBatchException("metadata of a wrong length", 1);
    }
    var client = ClientMetadata.ofBytes(Arrays.copyOfRange(bytes, CLIENT_AT, end));
    var batch = ofOtlp(signal, Arrays.copyOfRange(bytes, end, bytes.length));
    batch.client(client);
    return batch;
  }

  private static Batch ofOtlp(Signal signal, byte[] bytes) throws MalformedBatchException {
    return switch (signal) {
      case TRACES -> Traces.ofOtlp(bytes);
      case METRICS -> Metrics.ofOtlp(bytes);
      case LOGS -> Logs.ofOtlp(bytes);
    };
  }
}
