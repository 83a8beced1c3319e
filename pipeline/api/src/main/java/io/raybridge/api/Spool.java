package io.raybridge.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of records that survives the process: appended at its end, read from its beginning, gone
 * once settled. What is not settled when the process ends is read again by the next one.
 *
 * <p>Who appends a record may keep it in memory as long as everything before it was read or kept,
 * and so spares reading it back. All methods may be called from any thread, {@link #read} from one
 * at a time.
 */
public interface Spool extends AutoCloseable {
  /** Where a record lies in its spool. */
  interface Position {}

  /**
   * A record as it was read back.
   *
   * @param content what was appended, in one array; none when it is damaged and lost
   */
  record Entry(Position position, int items, List<byte[]> content) {}

  /** What lies in the spool and was neither read nor kept in memory. */
  record Unread(long records, long items, long bytes) {}

  /** Who appends a record, told by the spool's own thread, in the order of the records. */
  interface Appending {
    /**
     * The record is as safe as the spool makes it.
     *
     * @param first whether nothing unread lies before it
     * @return whether the caller keeps it in memory, which counts only if it is first; {@link
     *     #read} will not return it then
     */
    boolean written(Position position, boolean first);

    /** It was not kept: from now on {@link #read} may return it. */
    void unread();

    /** It could not be written, and nothing of it remains. */
    void failed(Outcome.Retry why);
  }

  /** Writes a record, and says to {@code appending} what became of it. Does not wait for that. */
  void append(List<byte[]> content, int items, Appending appending);

  /** Reads the next record, from the disk; null when nothing is unread. */
  @Nullable Entry read();

  /** What a call of {@link #read} would find. Cheap. */
  Unread unread();

  /** These will not be needed again, even after a restart. */
  void settle(List<Position> positions);

  /** The directory or address that it lies in, for people. */
  String place();

  /** Writes what is still to be written, and lets go of the files. Safe to repeat. */
  @Override
  void close();
}
