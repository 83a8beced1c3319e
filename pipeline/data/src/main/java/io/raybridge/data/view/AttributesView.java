package io.raybridge.data.view;

import java.util.Arrays;

/**
 * The attributes of one resource, scope, span, event or link, as places in OTLP bytes: filled by
 * one pass, asked by known key in one step, and reused, so that it allocates only to grow.
 *
 * <p>OTLP asks for unique keys. Where a key comes twice, the last value counts and keeps the first
 * one's place, as in every JSON reader and in the Go collector's maps.
 */
public final class AttributesView {
  private static final int MOST_PROBES = 32;

  private final KeyTable keys;
  private final int[] byId;
  private final AnyValueView value = new AnyValueView();

  private byte[] bytes = new byte[0];
  private int count;
  private int duplicates;
  private int[] id = new int[32];
  private int[] hash = new int[32];
  private int[] keyOffset = new int[32];
  private int[] keyLength = new int[32];
  private byte[] type = new byte[32];
  private int[] offset = new int[32];
  private int[] length = new int[32];
  private long[] number = new long[32];

  // Finds an attribute by its key's hash: the upper half of an entry is the stamp of the span that
  // wrote it, so that nothing has to be wiped between two spans, the lower half the place.
  private long[] table = new long[64];
  private int stamp = 1;

  public AttributesView(KeyTable keys) {
    this.keys = keys;
    this.byId = new int[keys.size() + 1];
  }

  void clear(byte[] bytes) {
    for (int i = 0; i < count; i++) byId[id[i]] = 0;
    this.bytes = bytes;
    count = 0;
    duplicates = 0;
    if (++stamp == 0) {
      Arrays.fill(table, 0);
      stamp = 1;
    }
  }

  /** Reads the KeyValue at the wire's position, its length first. */
  void add(Wire in) {
    int length = in.varint();
    int end = in.position + length;
    int keyOffset = in.position;
    int keyLength = 0;
    value.clear();
    while (in.position < end) {
      int tag = in.varint();
      switch (tag) {
        case 1 << 3 | 2 -> {
          keyLength = in.varint();
          keyOffset = in.position;
          in.position += keyLength;
        }
        case 2 << 3 | 2 -> {
          int size = in.varint();
          value.read(in, in.position + size);
        }
        default -> in.skip(tag);
      }
    }
    put(keyOffset, keyLength);
  }

  private void put(int keyOffset, int keyLength) {
    int hash = KeyTable.hash(bytes, keyOffset, keyLength);
    int index = count;
    int slot = hash & (table.length - 1);
    // Bounded, so that keys made to collide cost a span no more than others do.
    for (int probes = 0; isTaken(table[slot]) && probes < MOST_PROBES; probes++) {
      int other = (int) table[slot];
      if (same(other, hash, keyOffset, keyLength)) {
        index = other;
        duplicates++;
        break;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    if (index == count) {
      if (count == this.id.length) grow();
      if (!isTaken(table[slot])) table[slot] = entry(index);
      int known = keys.id(bytes, keyOffset, keyLength, hash);
      this.id[index] = known;
      byId[known] = index + 1;
      this.hash[index] = hash;
      this.keyOffset[index] = keyOffset;
      this.keyLength[index] = keyLength;
      count++;
      if (count * 2 > table.length) rehash();
    }
    type[index] = (byte) value.type();
    offset[index] = value.offset();
    length[index] = value.length();
    number[index] = value.number();
  }

  private boolean same(int index, int hash, int keyOffset, int keyLength) {
    return this.hash[index] == hash
        && Arrays.equals(
            bytes,
            this.keyOffset[index],
            this.keyOffset[index] + this.keyLength[index],
            bytes,
            keyOffset,
            keyOffset + keyLength);
  }

  private void grow() {
    int size = count * 2;
    id = Arrays.copyOf(id, size);
    hash = Arrays.copyOf(hash, size);
    keyOffset = Arrays.copyOf(keyOffset, size);
    keyLength = Arrays.copyOf(keyLength, size);
    type = Arrays.copyOf(type, size);
    offset = Arrays.copyOf(offset, size);
    length = Arrays.copyOf(length, size);
    number = Arrays.copyOf(number, size);
  }

  private void rehash() {
    table = new long[table.length * 2];
    for (int i = 0; i < count; i++) {
      int slot = hash[i] & (table.length - 1);
      for (int probes = 0; isTaken(table[slot]) && probes < MOST_PROBES; probes++) {
        slot = (slot + 1) & (table.length - 1);
      }
      if (!isTaken(table[slot])) table[slot] = entry(i);
    }
  }

  private boolean isTaken(long entry) {
    return (int) (entry >>> 32) == stamp;
  }

  private long entry(int index) {
    return (long) stamp << 32 | index;
  }

  /** The bytes that all places are places of. */
  public byte[] bytes() {
    return bytes;
  }

  public int count() {
    return count;
  }

  /** How many values were replaced by a later one of the same key. */
  public int duplicates() {
    return duplicates;
  }

  /** The place in this list of the attribute whose key has this number, or -1. */
  public int indexOf(int id) {
    return byId[id] - 1;
  }

  /** The place in this list of the attribute of this key, or -1. */
  public int find(byte[] key, int offset, int length) {
    int hash = KeyTable.hash(key, offset, length);
    int slot = hash & (table.length - 1);
    for (int probes = 0; isTaken(table[slot]) && probes <= MOST_PROBES; probes++) {
      int index = (int) table[slot];
      if (this.hash[index] == hash
          && Arrays.equals(
              bytes,
              keyOffset[index],
              keyOffset[index] + keyLength[index],
              key,
              offset,
              offset + length)) {
        return index;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return -1;
  }

  /** The number that the key table gives this attribute's key; 0 for an unknown key. */
  public int id(int index) {
    return id[index];
  }

  public int keyOffset(int index) {
    return keyOffset[index];
  }

  public int keyLength(int index) {
    return keyLength[index];
  }

  /** One of the types of {@link AnyValueView}. */
  public int type(int index) {
    return type[index];
  }

  /** Where a text's, bytes', array's or map's content begins. */
  public int offset(int index) {
    return offset[index];
  }

  public int length(int index) {
    return length[index];
  }

  /** An int's value, a bool's 0 or 1, the bits of a double. */
  public long number(int index) {
    return number[index];
  }
}
