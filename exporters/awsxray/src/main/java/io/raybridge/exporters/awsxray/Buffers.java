package io.raybridge.exporters.awsxray;

import io.raybridge.xray.DocumentBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that have been sent and can be filled again: a body in use costs no garbage. The last one
 * given back is the first to be taken again, since its bytes are still in the processor's cache.
 */
final class Buffers {
  static final int DOCUMENTS_PER_CALL = 50;
  private static final int FULL_AT_BYTES = 512 << 10;
  private static final int SMALLEST = 64 << 10;

  private final long mostBytes;
  private final ArrayDeque<DocumentBuffer> free = new ArrayDeque<>();
  private long bytes;
  private int expected = SMALLEST;

  Buffers() {
    this(Runtime.getRuntime().maxMemory() / 32);
  }

  /**
   * @param mostBytes what all that wait to be filled may take together
   */
  Buffers(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  DocumentBuffer take() {
    var kept = poll();
    return kept != null ? kept : new DocumentBuffer(DOCUMENTS_PER_CALL, FULL_AT_BYTES, expected());
  }

  private synchronized @Nullable DocumentBuffer poll() {
    var kept = free.poll();
    if (kept != null) bytes -= kept.bytes().length;
    return kept;
  }

  /**
   * A new body begins as large as the last one sent became, so that it need not grow step by step.
   */
  private synchronized int expected() {
    return expected;
  }

  /** Takes back a body that nobody will look at again. One for which there is no room goes. */
  synchronized void give(DocumentBuffer buffer) {
    expected = Math.clamp(buffer.length(), SMALLEST, FULL_AT_BYTES);
    int size = buffer.bytes().length;
    if (bytes + size > mostBytes) return;
    buffer.clear();
    bytes += size;
    free.push(buffer);
  }
}
