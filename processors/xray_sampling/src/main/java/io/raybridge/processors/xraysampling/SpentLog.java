package io.raybridge.processors.xraysampling;

import io.raybridge.api.Context;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.api.Storage;
import io.raybridge.api.ThrottledLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps beyond the end of the process what of a month's budget is spent: its newest record. */
final class SpentLog {
  private static final int RECORD_BYTES = 16;

  private final Context context;
  private final String storage;
  private final ThrottledLog log;
  private @Nullable Spool spool;
  private volatile List<Spool.Position> old = List.of();

  /**
   * What is spent of a month's traces.
   *
   * @param traces what was recorded, and what counts as spent for the time that nobody remembers
   */
  record Spent(YearMonth month, long traces) {}

  /**
   * @param storage the id of the extension that keeps it
   */
  SpentLog(Context context, String storage) {
    this.context = context;
    this.storage = storage;
    log = new ThrottledLog(context.log(), context.clock());
  }

  /** Whether it can be read and written. A predecessor in this process may still have it. */
  boolean isOpen() {
    return spool != null;
  }

  /** Tries to open it; what an earlier process left, or null. */
  @Nullable Spent open() {
    try {
      var found = context.host().extension(storage, Storage.class).orElse(null);
      if (found == null) return null;
      var opened = found.open(context.id(), "budget");
      spool = opened;
      return newest(opened);
    } catch (Storage.InUseException _) {
      return null;
    } catch (IOException e) {
      log.log(
          Level.WARNING,
          "budget",
          () -> "what of max_traces_per_month is spent cannot be kept: " + e.getMessage());
      return null;
    }
  }

  private @Nullable Spent newest(Spool from) {
    Spent newest = null;
    var read = new ArrayList<Spool.Position>();
    for (var entry = from.read(); entry != null; entry = from.read()) {
      read.add(entry.position());
      if (entry.content().isEmpty() || entry.content().getFirst().length != RECORD_BYTES) continue;
      var record = ByteBuffer.wrap(entry.content().getFirst());
      long month = record.getLong();
      newest = new Spent(YearMonth.of((int) (month / 100), (int) (month % 100)), record.getLong());
    }
    old = read;
    return newest;
  }

  /** Writes what is spent; what was written before is let go of once this is safe. */
  void write(Spent spent) {
    var to = spool;
    if (to == null) return;
    var record =
        ByteBuffer.allocate(RECORD_BYTES)
            .putLong(100L * spent.month().getYear() + spent.month().getMonthValue())
            .putLong(spent.traces());
    var before = old;
    to.append(
        List.of(record.array()),
        1,
        new Spool.Appending() {
          @Override
          public boolean written(Spool.Position position, boolean first) {
            to.settle(before);
            old = List.of(position);
            return true;
          }

          @Override
          public void unread() {}

          @Override
          public void failed(Outcome.Retry why) {
            log.log(
                Level.WARNING,
                "budget",
                () -> "what of max_traces_per_month is spent was not kept: " + why.reason());
          }
        });
  }

  void close() {
    var opened = spool;
    if (opened != null) opened.close();
  }
}
