package io.raybridge.extensions.filestorage;

import io.raybridge.api.Clock;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A spool in a directory: a row of files, records appended to the last one.
 *
 * <p>All is written by one thread of its own. What comes while it waits for the disk is written
 * together and forced to the disk once, so that many clients share the cost of it.
 */
final class FileSpool implements Spool {
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);
  private static final int STAGED = 1 << 17;
  private static final long WHOLE_SEGMENT = -1;
  private static final SecureRandom SALTS = new SecureRandom();

  private final Path directory;
  private final Settings settings;
  private final DirectoryLock directoryLock;
  private final System.Logger log;
  private final Clock clock;
  private final Trouble trouble;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private ArrayDeque<Pending> pending = new ArrayDeque<>();
  private List<Mark> settled = new ArrayList<>();
  private boolean closing;
  private final NavigableMap<Long, Segment> segments;
  private long cursorNumber;
  private long cursorAt;
  private volatile Unread unread;

  // Used by the spool's own thread only.
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGED);
  private final Map<Segment, SettledFile> settledFiles = new HashMap<>();
  private @Nullable SegmentWriter writer;
  private long lastNumber;

  // Used by the one that reads.
  private final ReentrantLock reading = new ReentrantLock();
  private @Nullable SegmentReader reader;
  private BitSet settledBefore = new BitSet();

  /**
   * @param segmentBytes a file that has as much is followed by the next one
   */
  record Settings(boolean fsync, long segmentBytes, Budget budget) {}

  /** A record to be written, and who is to be told. */
  private record Pending(List<byte[]> content, int length, int items, Appending who) {
    long size() {
      return RecordHeader.SIZE + (long) length;
    }
  }

  /**
   * @param at where the record begins, or {@link #WHOLE_SEGMENT} for records that nobody can find
   */
  private record Mark(Segment segment, long at, int records) implements Position {}

  private FileSpool(
      Path directory,
      Settings settings,
      DirectoryLock directoryLock,
      NavigableMap<Long, Segment> segments,
      System.Logger log,
      Clock clock,
      Trouble trouble) {
    this.directory = directory;
    this.settings = settings;
    this.directoryLock = directoryLock;
    this.segments = segments;
    this.log = log;
    this.clock = clock;
    this.trouble = trouble;
    long records = 0;
    long items = 0;
    long bytes = 0;
    for (var segment : segments.values()) {
      settings.budget.found(segment.end - Segment.FILE_HEADER);
      records += segment.unreadRecords;
      items += segment.unreadItems;
      bytes += segment.unreadBytes;
    }
    unread = new Unread(records, items, bytes);
    lastNumber = segments.isEmpty() ? 0 : segments.lastKey();
    thread =
        Thread.ofPlatform().daemon().name("spool " + directory.getFileName()).unstarted(this::run);
  }

  /** Takes a directory that is there, with all that lies in it. */
  static FileSpool open(
      Path directory,
      Settings settings,
      Duration timeout,
      System.Logger log,
      Clock clock,
      Trouble trouble)
      throws IOException {
    var held = DirectoryLock.acquire(directory, timeout, clock);
    try {
      var segments = SpoolFiles.scan(directory, log);
      var spool = new FileSpool(directory, settings, held, segments, log, clock, trouble);
      spool.thread.start();
      return spool;
    } catch (IOException | UncheckedIOException e) {
      held.close();
      throw e instanceof IOException known ? known : new IOException(e.getMessage(), e);
    }
  }

  @Override
  public String place() {
    return directory.toString();
  }

  @Override
  public Unread unread() {
    return unread;
  }

  @Override
  public void append(List<byte[]> content, int items, Appending appending) {
    long length = 0;
    for (var chunk : content) length += chunk.length;
    var record = new Pending(content, Math.toIntExact(length), items, appending);
    lock.lock();
    try {
      if (!closing) {
        pending.add(record);
        work.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    tell(appending, new Outcome.Retry(Outcome.Cause.UNAVAILABLE, "shutting down", null));
  }

  @Override
  public void settle(List<Position> positions) {
    lock.lock();
    try {
      if (closing) return;
      for (var position : positions) settled.add((Mark) position);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // What is acknowledged must be written first; that takes no longer than the disk does.
        interrupted = true;
      }
    }
    closeReader();
    if (interrupted) Thread.currentThread().interrupt();
  }

  // ---- writing: all of it by the spool's own thread ----

  private void run() {
    try {
      while (work()) {}
    } finally {
      release();
    }
  }

  /** False when there will be no more. */
  private boolean work() {
    ArrayDeque<Pending> toWrite;
    List<Mark> toSettle;
    lock.lock();
    try {
      while (pending.isEmpty() && settled.isEmpty()) {
        if (closing) return false;
        work.awaitUninterruptibly();
      }
      toWrite = pending;
      toSettle = settled;
      pending = new ArrayDeque<>();
      settled = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    try {
      // Clients wait for the first, nobody for the second.
      while (!toWrite.isEmpty()) writeGroup(toWrite);
      markSettled(toSettle);
    } catch (RuntimeException | Error bug) {
      log.log(Level.ERROR, "writing in " + directory + " failed by a bug", bug);
    }
    return true;
  }

  /** Writes as many records as the current file takes. */
  private void writeGroup(ArrayDeque<Pending> records) {
    var group = new ArrayList<Pending>();
    long bytes = 0;
    try {
      var out = writer();
      long room = settings.segmentBytes - out.segment().end;
      boolean empty = out.segment().end == Segment.FILE_HEADER;
      for (Pending next; (next = records.peek()) != null; ) {
        boolean fits = bytes + next.size() <= room || (empty && group.isEmpty());
        if (!fits) break;
        records.remove();
        if (settings.budget.take(next.size())) {
          long at = out.segment().end + bytes;
          group.add(next);
          bytes += next.size();
          out.put(at, next.content, next.length, next.items, clock.now().toEpochMilli());
        } else {
          refuse(next);
        }
      }
      if (!group.isEmpty()) {
        out.flush(settings.fsync);
        trouble.worked();
        written(out.segment(), group);
      }
      if (!records.isEmpty()) seal();
    } catch (IOException | RuntimeException | Error e) {
      var failure = e instanceof IOException io ? io : new IOException("a bug: " + e, e);
      settings.budget.giveBack(bytes);
      trouble.failed(failure);
      abandon();
      var why = unwritable(Directories.why(failure));
      for (var record : group) tell(record.who, why);
      // The others would only find the same.
      for (Pending next; (next = records.poll()) != null; ) tell(next.who, why);
    }
  }

  private SegmentWriter writer() throws IOException {
    var current = writer;
    if (current != null) return current;
    long salt = SALTS.nextLong();
    var made = new SegmentWriter(Segment.named(directory, lastNumber + 1, salt), staging);
    lastNumber++;
    writer = made;
    lock.lock();
    try {
      segments.put(made.segment().number(), made.segment());
    } finally {
      lock.unlock();
    }
    return made;
  }

  private void written(Segment segment, List<Pending> group) {
    long at = segment.end;
    lock.lock();
    try {
      for (var record : group) segment.end += record.size();
      segment.open += group.size();
    } finally {
      lock.unlock();
    }
    for (var record : group) {
      long end = at + record.size();
      boolean kept = false;
      try {
        // Only this thread makes something unread where nothing is, so this cannot change below.
        boolean first = unread.records() == 0;
        kept = record.who.written(new Mark(segment, at, 1), first) && first;
      } catch (RuntimeException bug) {
        log.log(Level.ERROR, "whoever appended a record failed by a bug", bug);
      }
      if (kept) {
        skip(segment, end);
      } else {
        leave(segment, record);
        tellUnread(record.who);
      }
      at = end;
    }
  }

  private void skip(Segment segment, long end) {
    lock.lock();
    try {
      cursorNumber = segment.number();
      cursorAt = end;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Segment segment, Pending record) {
    lock.lock();
    try {
      segment.unreadRecords++;
      segment.unreadItems += record.items;
      segment.unreadBytes += record.length;
      changeUnread(1, record.items, record.length);
    } finally {
      lock.unlock();
    }
  }

  private void changeUnread(long records, long items, long bytes) {
    var before = unread;
    unread = new Unread(before.records() + records, before.items() + items, before.bytes() + bytes);
  }

  private void refuse(Pending record) {
    trouble.full(settings.budget.most());
    tell(
        record.who,
        new Outcome.Retry(
            Outcome.Cause.OVERLOADED,
            "storage is full (max_size " + settings.budget.most() + ")",
            COME_AGAIN));
  }

  private static Outcome.Retry unwritable(String why) {
    return new Outcome.Retry(
        Outcome.Cause.UNAVAILABLE, "storage cannot be written: " + why, COME_AGAIN);
  }

  private void tell(Appending who, Outcome.Retry why) {
    try {
      who.failed(why);
    } catch (RuntimeException bug) {
      log.log(Level.ERROR, "whoever appended a record failed by a bug", bug);
    }
  }

  private void tellUnread(Appending who) {
    try {
      who.unread();
    } catch (RuntimeException bug) {
      log.log(Level.ERROR, "whoever appended a record failed by a bug", bug);
    }
  }

  /** The current file gets no more records. */
  private void seal() {
    var current = writer;
    if (current == null) return;
    writer = null;
    try {
      current.close(false);
    } catch (IOException e) {
      trouble.failed(e);
    }
    end(current.segment());
  }

  /** The current file could not be written: what it has is good, what comes goes to a new one. */
  private void abandon() {
    var current = writer;
    if (current == null) return;
    writer = null;
    try {
      current.abandon();
    } catch (IOException e) {
      // What is behind its end is no record, or one that a client was told to send again.
      log.log(Level.DEBUG, "cannot cut " + current.segment(), e);
    }
    end(current.segment());
  }

  private void end(Segment segment) {
    boolean done;
    lock.lock();
    try {
      segment.sealed = true;
      done = segment.open == 0;
    } finally {
      lock.unlock();
    }
    if (done) drop(segment);
  }

  // ---- settling ----

  private void markSettled(List<Mark> marks) {
    var touched = new LinkedHashSet<Segment>();
    for (var mark : marks) {
      if (mark.at != WHOLE_SEGMENT) {
        var file = settledFiles.computeIfAbsent(mark.segment, SettledFile::new);
        marking(() -> file.add(mark.at));
      }
      touched.add(mark.segment);
      lock.lock();
      try {
        mark.segment.open -= mark.records;
      } finally {
        lock.unlock();
      }
    }
    for (var segment : touched) {
      if (isDone(segment)) {
        if (writer != null && writer.segment() == segment) seal();
        else drop(segment);
      } else {
        var file = settledFiles.get(segment);
        if (file != null) marking(file::flush);
      }
    }
  }

  private interface Marking {
    void run() throws IOException;
  }

  private void marking(Marking some) {
    try {
      some.run();
    } catch (IOException e) {
      trouble.unmarked(e);
    }
  }

  /** Whether the file can go; the current one only if it is worth making a new one. */
  private boolean isDone(Segment segment) {
    lock.lock();
    try {
      if (segment.open > 0 || segment.stranded) return false;
      return segment.sealed || segment.end >= settings.segmentBytes / 4;
    } finally {
      lock.unlock();
    }
  }

  private void drop(Segment segment) {
    lock.lock();
    try {
      if (segment.stranded || segments.remove(segment.number()) == null) return;
    } finally {
      lock.unlock();
    }
    settings.budget.giveBack(segment.end - Segment.FILE_HEADER);
    var marks = settledFiles.remove(segment);
    try {
      if (marks != null) marks.close(false);
      SpoolFiles.delete(segment);
    } catch (IOException e) {
      trouble.unmarked(e);
    }
  }

  /** The last thing that the spool's own thread does. */
  private void release() {
    try {
      seal();
      for (var file : settledFiles.values()) file.close(settings.fsync);
    } catch (IOException e) {
      trouble.unmarked(e);
    } finally {
      settledFiles.clear();
      giveBackAll();
      try {
        directoryLock.close();
      } catch (IOException e) {
        log.log(Level.DEBUG, "cannot let go of " + directory, e);
      }
    }
  }

  private void giveBackAll() {
    lock.lock();
    try {
      for (var segment : segments.values()) {
        settings.budget.giveBack(segment.end - Segment.FILE_HEADER);
      }
      segments.clear();
    } finally {
      lock.unlock();
    }
  }

  // ---- reading ----

  @Override
  public @Nullable Entry read() {
    reading.lock();
    try {
      while (unread.records() > 0) {
        var segment = moveOn();
        if (segment == null) return null;
        var entry = readFrom(segment);
        if (entry != null) return entry;
      }
      return null;
    } finally {
      reading.unlock();
    }
  }

  /** Goes to the first file that has something unread. */
  private @Nullable Segment moveOn() {
    lock.lock();
    try {
      for (var segment : segments.tailMap(cursorNumber, true).values()) {
        if (segment.unreadRecords == 0) continue;
        if (segment.number() != cursorNumber) {
          cursorNumber = segment.number();
          cursorAt = Segment.FILE_HEADER;
        }
        return segment;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Null for a record that was settled by an earlier process. */
  private @Nullable Entry readFrom(Segment segment) {
    long at;
    long end;
    lock.lock();
    try {
      at = cursorAt;
      end = segment.end;
    } finally {
      lock.unlock();
    }
    try {
      var in = readerOf(segment);
      var found = in.next(at, end);
      if (found == null) return lost(segment, "damaged since it was written");
      if (settledBefore.get((int) found.at())) {
        skip(segment, found.end());
        return null;
      }
      var content = in.content(found);
      if (content == null) {
        log.log(
            Level.WARNING,
            "{0}: the record at byte {1} is damaged, and {2} items in it are lost",
            segment,
            Long.toString(found.at()),
            Integer.toString(found.header().items()));
      }
      given(segment, found);
      return new Entry(
          new Mark(segment, found.at(), 1),
          found.header().items(),
          content == null ? List.of() : List.of(content));
    } catch (IOException e) {
      lock.lock();
      try {
        segment.stranded = true;
      } finally {
        lock.unlock();
      }
      return lost(segment, "cannot be read: " + Directories.why(e) + "; it stays where it is");
    }
  }

  private SegmentReader readerOf(Segment segment) throws IOException {
    var known = reader;
    if (known != null && known.segment() == segment) return known;
    closeReader();
    settledBefore = segment.sealed ? SettledFile.read(segment) : new BitSet();
    var opened = new SegmentReader(segment);
    reader = opened;
    return opened;
  }

  private void closeReader() {
    reading.lock();
    try {
      if (reader != null) reader.close();
    } catch (IOException e) {
      log.log(Level.DEBUG, "cannot close " + directory, e);
    } finally {
      reader = null;
      reading.unlock();
    }
  }

  private void given(Segment segment, SegmentReader.Found found) {
    lock.lock();
    try {
      cursorAt = found.end();
      segment.unreadRecords--;
      segment.unreadItems -= found.header().items();
      segment.unreadBytes -= found.header().length();
      changeUnread(-1, -found.header().items(), -found.header().length());
    } finally {
      lock.unlock();
    }
  }

  /** All that a file should still have and has not. */
  private Entry lost(Segment segment, String why) {
    int records;
    long items;
    lock.lock();
    try {
      records = segment.unreadRecords;
      items = segment.unreadItems;
      changeUnread(-records, -items, -segment.unreadBytes);
      segment.unreadRecords = 0;
      segment.unreadItems = 0;
      segment.unreadBytes = 0;
    } finally {
      lock.unlock();
    }
    log.log(
        Level.ERROR,
        "{0}: {1} records with {2} items: {3}",
        segment,
        Integer.toString(records),
        Long.toString(items),
        why);
    return new Entry(new Mark(segment, WHOLE_SEGMENT, records), Math.toIntExact(items), List.of());
  }
}
