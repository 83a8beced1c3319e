package io.raybridge.exporters.awsxray;

import io.raybridge.api.Clock;
import io.raybridge.xray.DocumentBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that have been sent and can be filled again: a body in use costs no garbage. The last one
 * given back is the first to be taken again, since its bytes are still in the processor's cache.
 *
 * <p>As many are kept as go and come: while X-Ray takes 100 ms for a call, hundreds are under way,
 * and made anew each time they would pass through the old generation (full collections of 40 to 110
 * ms, once a second at 220,000 spans a second). Those that nobody needed for a second go, by
 * halves: judged by shorter times, an eighth was let go and made anew all the time.
 */
final class Buffers {
  private static final int SMALLEST = 16 << 10;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final long mostBytes;
  private final ArrayDeque<DocumentBuffer> free = new ArrayDeque<>();
  private long bytes;
  private int expected = SMALLEST;
  private int fewest;

  Buffers() {
    this(Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * @param mostBytes what all that wait to be filled may take together
   */
  Buffers(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  DocumentBuffer take() {
    var kept = poll();
    return kept != null
        ? kept
        : new DocumentBuffer(
            DocumentBuffer.DOCUMENTS_PER_CALL, DocumentBuffer.FULL_AT_BYTES, expected());
  }

  private synchronized @Nullable DocumentBuffer poll() {
    var kept = free.poll();
    if (kept != null) bytes -= kept.bytes().length;
    fewest = Math.min(fewest, free.size());
    return kept;
  }

  /**
   * A new body begins with an eighth more room than those of late needed, so that it need not grow,
   * and takes no more than that.
   */
  private synchronized int expected() {
    return expected;
  }

  /**
   * Takes back a body that the caller will not look at again. One for which there is no room goes,
   * and one that others may look at.
   */
  synchronized void give(DocumentBuffer buffer) {
    if (buffer.isShared()) return;
    int needed = buffer.length() + buffer.length() / 8;
    expected =
        Math.clamp(
            Math.max(needed, expected - expected / 16), SMALLEST, DocumentBuffer.FULL_AT_BYTES);
    int size = buffer.bytes().length;
    boolean outgrown = size > 2 * expected;
    if (outgrown || bytes + size > mostBytes) return;
    buffer.clear();
    bytes += size;
    free.push(buffer);
  }

  /** Looks once a second for what nobody needs, until the thread is interrupted. */
  void tidy(Clock clock) {
    try {
      while (true) {
        clock.sleep(LOOK);
        trim();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets half of those go that lay here all the time since the last look. */
  synchronized void trim() {
    for (int i = (fewest + 1) / 2; i > 0; i--) bytes -= free.removeLast().bytes().length;
    fewest = free.size();
  }
}
