package io.raybridge.exporters.otlp;

import io.raybridge.delivery.Payload;
import java.util.List;

/**
 * One request. Its parts are joined by writing them one behind the other, since protobuf adds up
 * messages that follow each other: a batch leaves as the very arrays it came in.
 */
record OtlpPayload(List<byte[]> parts, int items) implements Payload {
  @Override
  public long sizeBytes() {
    long size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    return size;
  }
}
