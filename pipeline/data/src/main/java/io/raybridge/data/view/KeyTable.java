package io.raybridge.data.view;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Gives the attribute keys that a reader knows small numbers, straight from their UTF-8 bytes: 1
 * for the first key of the list and so on, 0 for every key that is not in the list.
 */
public final class KeyTable {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final byte[][] keys;
  private final int[] hashes;
  private final short[] slots;

  private KeyTable(byte[][] keys, int[] hashes, short[] slots) {
    this.keys = keys;
    this.hashes = hashes;
    this.slots = slots;
  }

  /**
   * A table of these keys.
   *
   * @throws IllegalArgumentException when a key is there twice, or when there are more than 16,000
   */
  public static KeyTable of(List<String> names) {
    if (names.size() > 16_000) {
      throw new IllegalArgumentException(names.size() + " keys (expected: at most 16000)");
    }
    byte[][] keys = new byte[names.size() + 1][];
    int[] hashes = new int[keys.length];
    // Eight slots a key: an unknown key finds an empty slot at once in seven of eight cases.
    short[] slots = new short[Math.max(64, Integer.highestOneBit(names.size()) << 4)];
    keys[0] = new byte[0];
    for (int id = 1; id < keys.length; id++) {
      byte[] key = names.get(id - 1).getBytes(StandardCharsets.UTF_8);
      int hash = hash(key, 0, key.length);
      int slot = slot(hash, slots.length);
      for (; slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
        if (Arrays.equals(keys[slots[slot]], key)) {
          throw new IllegalArgumentException("key twice: " + names.get(id - 1));
        }
      }
      keys[id] = key;
      hashes[id] = hash;
      slots[slot] = (short) id;
    }
    return new KeyTable(keys, hashes, slots);
  }

  /** How many keys there are; the greatest number given out. */
  public int size() {
    return keys.length - 1;
  }

  /** The number of a key, 0 when it is not in the table. */
  public int id(byte[] bytes, int offset, int length) {
    return id(bytes, offset, length, hash(bytes, offset, length));
  }

  int id(byte[] bytes, int offset, int length, int hash) {
    for (int slot = slot(hash, slots.length); ; slot = (slot + 1) & (slots.length - 1)) {
      int id = slots[slot];
      if (id == 0) return 0;
      if (hashes[id] == hash && equal(keys[id], bytes, offset, length)) return id;
    }
  }

  /**
   * Keys are short, which Arrays.equals is not made for: it took 2.8 % of all CPU. Eight bytes at a
   * time, the last eight a second time in part.
   */
  static boolean equal(byte[] key, byte[] bytes, int offset, int length) {
    if (key.length != length) return false;
    if (length < 8) {
      for (int i = 0; i < length; i++) if (key[i] != bytes[offset + i]) return false;
      return true;
    }
    int last = length - 8;
    for (int i = 0; i < last; i += 8) {
      if ((long) LONG.get(key, i) != (long) LONG.get(bytes, offset + i)) return false;
    }
    return (long) LONG.get(key, last) == (long) LONG.get(bytes, offset + last);
  }

  /**
   * A hash of bytes that covers every one, eight at a time. The last multiplication brings all of
   * it into the lower bits: without it keys that differ in their last letters only, as numbered
   * ones do, came into one slot, and each was compared with all before it.
   */
  public static int hash(byte[] bytes, int offset, int length) {
    long hash = length;
    int end = offset + length;
    for (; offset + 8 <= end; offset += 8) {
      hash = Long.rotateLeft((hash ^ (long) LONG.get(bytes, offset)) * MIX, 29);
    }
    int rest = end - offset;
    if (rest > 0) hash = (hash ^ tail(bytes, offset, rest)) * MIX;
    return (int) (((hash ^ hash >>> 32) * MIX) >>> 32);
  }

  private static long tail(byte[] bytes, int offset, int length) {
    if (offset + 8 <= bytes.length) {
      return (long) LONG.get(bytes, offset) << (64 - 8 * length);
    }
    long tail = 0;
    for (int i = length - 1; i >= 0; i--) tail = tail << 8 | (bytes[offset + i] & 0xff);
    return tail << (64 - 8 * length);
  }

  private static int slot(int hash, int slots) {
    return hash & (slots - 1);
  }
}
