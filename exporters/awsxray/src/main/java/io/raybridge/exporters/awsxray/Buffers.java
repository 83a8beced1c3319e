package io.raybridge.exporters.awsxray;

import io.raybridge.xray.DocumentBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Bodies that have been sent and can be filled again: a body in use costs no garbage. */
final class Buffers {
  static final int DOCUMENTS_PER_CALL = 50;
  private static final int FULL_AT_BYTES = 512 << 10;
  private static final int KEEP_UP_TO_BYTES = 256 << 10;

  private final ArrayBlockingQueue<DocumentBuffer> free = new ArrayBlockingQueue<>(64);

  DocumentBuffer take() {
    var buffer = free.poll();
    return buffer != null ? buffer : new DocumentBuffer(DOCUMENTS_PER_CALL, FULL_AT_BYTES);
  }

  /** Takes back a body that nobody will look at again. One that grew large is left to the heap. */
  void give(DocumentBuffer buffer) {
    if (buffer.bytes().length > KEEP_UP_TO_BYTES) return;
    buffer.clear();
    var _ = free.offer(buffer);
  }
}
