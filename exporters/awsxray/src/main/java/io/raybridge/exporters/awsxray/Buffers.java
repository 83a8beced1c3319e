package io.raybridge.exporters.awsxray;

import io.raybridge.xray.DocumentBuffer;
import io.raybridge.xray.NewBodies;
import java.time.Duration;
import java.util.ArrayDeque;

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
  /** How often {@link #trim} is called. */
  static final Duration LOOK = Duration.ofSeconds(1);

  private final long mostBytes;
  private final NewBodies bodies = new NewBodies(16 << 10);
  private final ArrayDeque<DocumentBuffer> free = new ArrayDeque<>();
  private long bytes;
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

  synchronized DocumentBuffer take() {
    var kept = free.poll();
    fewest = Math.min(fewest, free.size());
    if (kept == null) return bodies.next();
    bytes -= kept.bytes().length;
    return kept;
  }

  /**
   * Takes back a body that the caller will not look at again. One for which there is no room goes,
   * and one that others may look at.
   */
  synchronized void give(DocumentBuffer buffer) {
    if (buffer.isShared()) return;
    bodies.learn(buffer);
    int size = buffer.bytes().length;
    if (bodies.isOutgrown(buffer) || bytes + size > mostBytes) return;
    buffer.clear();
    bytes += size;
    free.push(buffer);
  }

  /** Lets half of those go that lay here all the time since the last look. */
  synchronized void trim() {
    for (int i = (fewest + 1) / 2; i > 0; i--) bytes -= free.removeLast().bytes().length;
    fewest = free.size();
  }
}
