package io.raybridge.delivery;

import io.raybridge.api.Context;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.api.Storage;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.Batch;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a processor that waits with acknowledged data has on disk beside its memory, so that the
 * next process finds it. Written before it is acknowledged, settled when it was handed on, and read
 * only at the start.
 *
 * <p>After a reload the predecessor has the spool for a moment yet. Until it lets go, writers wait.
 */
public final class Journal {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);

  private final Context context;
  private final Signal signal;
  private final String key;
  private final String storage;
  private final ThrottledLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private @Nullable Spool spool;
  private boolean closed;
  private @Nullable Thread opening;

  /** Gets what an earlier process left, one record after the other. */
  @FunctionalInterface
  public interface Finder {
    /** This is on disk, and to be settled like what comes now. */
    void found(Batch batch, Spool.Position position);
  }

  /** A record to write: the arrays which, one after another, are the OTLP of these items. */
  public record Entry(List<byte[]> content, int items) {
    public Entry {
      content = List.copyOf(content);
    }

    /** A batch as one record. */
    public static Entry of(Batch batch) {
      return new Entry(OtlpBytes.of(batch), batch.items());
    }
  }

  /** What became of records. */
  public sealed interface Result {
    /** All are safe; their places in the order they were given in. */
    record Written(List<Spool.Position> positions) implements Result {}

    /** None of them remains. */
    record Refused(Outcome.Retry why) implements Result {}
  }

  /**
   * @param key the configuration's key that names the storage, for messages
   * @param storage the extension's id
   */
  public Journal(Context context, Signal signal, String key, String storage) {
    this.context = context;
    this.signal = signal;
    this.key = key;
    this.storage = storage;
    log = new ThrottledLog(context.log(), context.clock());
  }

  /**
   * Takes the spool, and reads what lies in it before anything is written; later, where a
   * predecessor in this process still has it.
   *
   * @throws IOException when it cannot be had
   */
  public void start(Finder finder) throws IOException {
    var found =
        context
            .host()
            .extension(storage, Storage.class)
            .orElseThrow(() ->
                new IOException(
                    key
                        + ": no extension \""
                        + storage
                        + "\" that keeps data is running (expected: one in service.extensions, such"
                        + " as file_storage)"));
    try {
      open(found, finder);
    } catch (Storage.InUseException e) {
      var thread =
          Thread.ofVirtual()
              .name(context.id() + " journal")
              .unstarted(() -> openWhenFree(found, finder));
      opening = thread;
      thread.start();
    }
  }

  private void openWhenFree(Storage from, Finder finder) {
    try {
      while (!isClosed()) {
        try {
          open(from, finder);
          return;
        } catch (Storage.InUseException e) {
          log.log(
              Level.WARNING,
              "in use",
              () -> e.getMessage() + "; a processor with " + key + " can be in one pipeline only");
          context.clock().sleep(PAUSE);
        } catch (IOException e) {
          context.log().log(Level.ERROR, key + ": " + e.getMessage(), e);
          context.clock().sleep(COME_AGAIN);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void open(Storage from, Finder finder) throws IOException {
    var got = from.open(context.id(), signal.key());
    long items = 0;
    for (var entry = got.read(); entry != null; entry = got.read()) {
      items += find(entry, got, finder);
    }
    if (items > 0) {
      context.log().log(
          Level.INFO,
          "{0} {1} that waited when the process before ended were found in {2}",
          Long.toString(items),
          signal.items().replace('_', ' '),
          got.place());
    }
    lock.lock();
    try {
      if (closed) got.close();
      else spool = got;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int find(Spool.Entry entry, Spool from, Finder finder) {
    String why = "damaged on disk";
    if (!entry.content().isEmpty()) {
      try {
        var batch = OtlpBytes.batch(signal, entry.content().getFirst());
        finder.found(batch, entry.position());
        return entry.items();
      } catch (MalformedBatchException e) {
        why = "not OTLP as it is on disk: " + e.getMessage();
      }
    }
    context.ledger().dropped(new Ledger.Drop(signal, entry.items(), "damaged", null, why));
    from.settle(List.of(entry.position()));
    return 0;
  }

  /** Writes records and waits until they are safe. */
  public Result write(List<Entry> entries) throws InterruptedException {
    var to = awaitSpool();
    if (to == null) {
      return new Result.Refused(
          new Outcome.Retry(
              Outcome.Cause.UNAVAILABLE,
              context.id() + ": its storage cannot be had yet",
              COME_AGAIN));
    }
    var group = new Group(to, entries.size());
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      to.append(entry.content(), entry.items(), group.seat(i));
    }
    return group.await();
  }

  private @Nullable Spool awaitSpool() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var clock = context.clock();
      long until = clock.nanoTime() + PATIENCE.toNanos();
      while (spool == null && !closed && clock.nanoTime() - until < 0) {
        // The loop tests all of it again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, opened, until);
      }
      return spool;
    } finally {
      lock.unlock();
    }
  }

  /** These were handed on, or need not be. */
  public void settle(List<Spool.Position> positions) {
    if (positions.isEmpty()) return;
    Spool of;
    lock.lock();
    try {
      of = spool;
    } finally {
      lock.unlock();
    }
    if (of != null) of.settle(positions);
  }

  /** Lets go of the spool; what is not settled stays there. */
  public void close() {
    Spool last;
    Thread stillOpening;
    lock.lock();
    try {
      closed = true;
      last = spool;
      spool = null;
      stillOpening = opening;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
    if (stillOpening != null) stillOpening.interrupt();
    if (last != null) last.close();
  }

  /** Records that are written together, and who waits for them. */
  private static final class Group {
    private final Spool spool;
    private final Spool.Position[] positions;
    private Outcome.@Nullable Retry refused;
    private int open;
    private boolean left;

    Group(Spool spool, int size) {
      this.spool = spool;
      positions = new Spool.Position[size];
      open = size;
    }

    Spool.Appending seat(int index) {
      return new Spool.Appending() {
        @Override
        public boolean written(Spool.Position position, boolean first) {
          settled(index, position, null);
          return true;
        }

        @Override
        public void unread() {
          // Nothing is unread here once the journal is open.
        }

        @Override
        public void failed(Outcome.Retry why) {
          settled(index, null, why);
        }
      };
    }

    private void settled(
        int index, Spool.@Nullable Position position, Outcome.@Nullable Retry why) {
      synchronized (this) {
        if (why != null) refused = why;
        if (position != null) positions[index] = position;
        if (--open == 0) notifyAll();
        if (!left || position == null) return;
      }
      // Who wrote it has gone, and said that it was not taken.
      spool.settle(List.of(position));
    }

    Result await() throws InterruptedException {
      var written = new ArrayList<Spool.Position>(positions.length);
      Outcome.Retry why;
      try {
        synchronized (this) {
          while (open > 0) wait();
          why = refused;
        }
      } catch (InterruptedException e) {
        leave();
        throw e;
      }
      for (var position : positions) if (position != null) written.add(position);
      if (why == null) return new Result.Written(written);
      spool.settle(written);
      return new Result.Refused(why);
    }

    private void leave() {
      var written = new ArrayList<Spool.Position>();
      synchronized (this) {
        left = true;
        for (var position : positions) if (position != null) written.add(position);
      }
      spool.settle(written);
    }
  }
}
