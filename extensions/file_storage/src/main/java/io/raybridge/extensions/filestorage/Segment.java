package io.raybridge.extensions.filestorage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One file of a spool and what is known of it. The numbers that change are guarded by the spool's
 * lock.
 */
final class Segment {
  /** The version of all that lies in the directory; README.md describes it. */
  static final int FORMAT = 1;

  /** Where the first record begins. */
  static final int FILE_HEADER = 16;

  static final String SUFFIX = ".spool";

  private static final byte[] MAGIC = "raybridg".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.spool");

  private final Path file;
  private final long number;
  private final long salt;

  /** The end of what was written and may be read. */
  long end = FILE_HEADER;

  /** Records that are not settled. */
  int open;

  /** What nobody was given yet, a part of what is open. */
  int unreadRecords;

  long unreadItems;
  long unreadBytes;

  /** Nothing more is appended. */
  boolean sealed;

  /** It cannot be read now, and stays for the next process. */
  boolean stranded;

  private Segment(Path file, long number, long salt) {
    this.file = file;
    this.number = number;
    this.salt = salt;
  }

  /** A file that is not there yet. */
  static Segment named(Path directory, long number, long salt) {
    var hex = HexFormat.of();
    var name = hex.toHexDigits(number) + "-" + hex.toHexDigits(salt) + SUFFIX;
    return new Segment(directory.resolve(name), number, salt);
  }

  /** A file that is there, if its name is that of a segment. */
  static Optional<Segment> of(Path file) {
    var name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) return Optional.empty();
    return Optional.of(
        new Segment(
            file,
            HexFormat.fromHexDigitsToLong(name.group(1)),
            HexFormat.fromHexDigitsToLong(name.group(2))));
  }

  Path file() {
    return file;
  }

  /** Its place in the order of the files. */
  long number() {
    return number;
  }

  /** What its checksums begin with. */
  long salt() {
    return salt;
  }

  /** The first bytes of a file of this version. */
  static ByteBuffer header() {
    var header = ByteBuffer.allocate(FILE_HEADER).put(MAGIC).putInt(FORMAT);
    return header.putInt(sum(header.array())).flip();
  }

  /**
   * The version that a file's first bytes tell; this one where they are damaged, since records that
   * are not of it cannot be taken for such.
   */
  static int format(byte[] header) {
    var in = ByteBuffer.wrap(header);
    boolean whole = in.getInt(12) == sum(header);
    return whole ? in.getInt(8) : FORMAT;
  }

  private static int sum(byte[] header) {
    var sum = new CRC32C();
    sum.update(header, 0, 12);
    return (int) sum.getValue();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
