package io.raybridge.sampling;

import io.raybridge.api.Context;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.api.Storage;
import io.raybridge.api.ThrottledLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps beyond the end of the process what was decided of traces, for as long as it is remembered
 * at least. Nobody waits for it to be written: what a killed process had no time to write is
 * forgotten, some milliseconds' decisions at most.
 *
 * <p>A record is the time, in milliseconds since 1970, and three numbers for each decision.
 */
public final class DecisionLog {
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final int LONGS = 3;
  private static final int DECISION_BYTES = LONGS * Long.BYTES;
  private static final int MOST_IN_A_RECORD = 1 << 14;

  private final Context context;
  private final String storage;
  private final Duration ttl;
  private final long maxBytes;
  private final ThrottledLog log;
  private final ArrayDeque<Written> written = new ArrayDeque<>();
  private long writtenBytes;
  private long[] pending = new long[LONGS * 64];
  private int count;
  private @Nullable Spool spool;
  private @Nullable Thread opening;
  private boolean closed;

  private record Written(Spool.Position position, long millis, long bytes) {}

  /** Gets what earlier processes decided. */
  interface Finder {
    void found(long hi, long lo, long decision);
  }

  /**
   * @param storage the id of the extension that keeps it
   * @param ttl how long a decision is worth keeping
   * @param maxBytes of decisions; of more, the oldest are let go of
   */
  public DecisionLog(Context context, String storage, Duration ttl, long maxBytes) {
    this.context = context;
    this.storage = storage;
    this.ttl = ttl;
    this.maxBytes = maxBytes;
    log = new ThrottledLog(context.log(), context.clock());
  }

  /** A decision to be written with the next {@link #flush}. */
  synchronized void add(long hi, long lo, long decision) {
    // While a predecessor has the spool, no more than is kept in the end.
    if (closed || (long) count * DECISION_BYTES >= maxBytes) return;
    if (LONGS * count == pending.length) pending = Arrays.copyOf(pending, 2 * pending.length);
    pending[LONGS * count] = hi;
    pending[LONGS * count + 1] = lo;
    pending[LONGS * count + 2] = decision;
    count++;
  }

  /**
   * Finds what earlier processes decided; later, where a predecessor in this process still has it.
   */
  void start(Finder finder) {
    if (isOpened(finder)) return;
    opening =
        Thread.ofVirtual().name(context.id() + " decision log").start(() -> openWhenFree(finder));
  }

  private void openWhenFree(Finder finder) {
    try {
      do context.clock().sleep(TRY_AGAIN);
      while (!isOpened(finder));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there is nothing to be tried any more. */
  private boolean isOpened(Finder finder) {
    var from = context.host().extension(storage, Storage.class).orElse(null);
    if (from == null) return true;
    List<long[]> found;
    try {
      var got = from.open(context.id(), "decisions");
      found = read(got);
      synchronized (this) {
        if (!closed) spool = got;
        else got.close();
      }
    } catch (Storage.InUseException e) {
      return false;
    } catch (IOException e) {
      log.log(
          Level.WARNING,
          "decisions",
          () -> "decisions cannot be kept over a restart: " + e.getMessage());
      return true;
    }
    // Newest first: what is known of a trace already is newer than what is found of it.
    for (var each : found.reversed()) finder.found(each[0], each[1], each[2]);
    return true;
  }

  /**
   * Writes what came since the last time, without waiting until that is done, and lets go of what
   * is too old.
   */
  synchronized void flush() {
    var to = spool;
    if (to == null) return;
    for (int from = 0; from < count; from += MOST_IN_A_RECORD) write(to, from);
    count = 0;
    expire(to);
  }

  private List<long[]> read(Spool from) {
    var found = new ArrayList<long[]>();
    long now = context.clock().now().toEpochMilli();
    for (var entry = from.read(); entry != null; entry = from.read()) {
      var content = entry.content().isEmpty() ? new byte[0] : entry.content().getFirst();
      boolean whole = content.length % DECISION_BYTES == Long.BYTES;
      var record = ByteBuffer.wrap(content);
      long millis = whole ? record.getLong() : 0;
      if (!whole || now - millis > ttl.toMillis()) {
        from.settle(List.of(entry.position()));
        continue;
      }
      keep(new Written(entry.position(), millis, content.length));
      while (record.hasRemaining()) {
        found.add(new long[] {record.getLong(), record.getLong(), record.getLong()});
      }
    }
    return found;
  }

  private void write(Spool to, int from) {
    int some = Math.min(MOST_IN_A_RECORD, count - from);
    long millis = context.clock().now().toEpochMilli();
    var record = ByteBuffer.allocate(Long.BYTES + some * DECISION_BYTES).putLong(millis);
    for (int i = LONGS * from; i < LONGS * (from + some); i++) record.putLong(pending[i]);
    byte[] content = record.array();
    to.append(
        List.of(content),
        some,
        new Spool.Appending() {
          @Override
          public boolean written(Spool.Position position, boolean first) {
            keep(new Written(position, millis, content.length));
            return true;
          }

          @Override
          public void unread() {
            // All was read when it was opened.
          }

          @Override
          public void failed(Outcome.Retry why) {
            log.log(
                Level.WARNING,
                "decisions",
                () -> some + " decisions are not kept over a restart: " + why.reason());
          }
        });
  }

  private synchronized void keep(Written record) {
    written.addLast(record);
    writtenBytes += record.bytes();
  }

  private void expire(Spool from) {
    long oldest = context.clock().now().minus(ttl).toEpochMilli();
    var gone = new ArrayList<Spool.Position>();
    for (var first = written.peekFirst();
        first != null && (first.millis() < oldest || writtenBytes > maxBytes);
        first = written.peekFirst()) {
      written.removeFirst();
      writtenBytes -= first.bytes();
      gone.add(first.position());
    }
    if (!gone.isEmpty()) from.settle(gone);
  }

  /** Lets go of it; what is not too old stays there. */
  void close() {
    Spool last;
    synchronized (this) {
      closed = true;
      last = spool;
      spool = null;
    }
    var stillOpening = opening;
    if (stillOpening != null) stillOpening.interrupt();
    if (last != null) last.close();
  }
}
