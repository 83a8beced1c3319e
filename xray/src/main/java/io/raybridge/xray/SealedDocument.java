package io.raybridge.xray;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A document that this process has checked, and written as the inside of a JSON string, on its way
 * through a queue: what was looked at once is not looked at again. What anybody sends by OTLP may
 * look like it but for the seal, which nobody else knows, and is checked.
 *
 * <p>It is a byte with which no document begins, the seal, the document's own length, and the text.
 * A queue on disk outlives the seal; its documents are then checked as if they came from anybody.
 */
final class SealedDocument {
  static final int HEAD = 21;

  private static final byte MARK = 1;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FIRST;
  private static final long SECOND;

  static {
    var random = new SecureRandom();
    FIRST = random.nextLong();
    SECOND = random.nextLong();
  }

  private SealedDocument() {}

  /**
   * Writes what stands before the text.
   *
   * @param length of the document itself
   */
  static void head(byte[] into, int at, int length) {
    into[at] = MARK;
    LONG.set(into, at + 1, FIRST);
    LONG.set(into, at + 9, SECOND);
    INT.set(into, at + 17, length);
  }

  /** Whether this is one, of whatever process. */
  static boolean is(byte[] bytes, int offset, int length) {
    return length >= HEAD && bytes[offset] == MARK;
  }

  /** Whether one is of this process. */
  static boolean isOurs(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset + 1) == FIRST
        && (long) LONG.get(bytes, offset + 9) == SECOND;
  }

  /** How long the document itself is. */
  static int plainLength(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset + 17);
  }
}
