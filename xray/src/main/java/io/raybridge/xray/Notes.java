package io.raybridge.xray;

import java.util.Arrays;

/**
 * What a document has to say about itself under {@code metadata.raybridge}: what was cut to fit,
 * and which annotation keys are not the attributes' own.
 */
final class Notes {
  private static final int MOST = 40;
  private static final int LONGEST_NAME = 100;

  private static final Fragment RAYBRIDGE = Fragment.name("raybridge");
  private static final Fragment TRUNCATED = Fragment.name("truncated");
  private static final Fragment NAME = Fragment.name("name");
  private static final Fragment BYTES = Fragment.name("bytes");
  private static final Fragment COUNT = Fragment.name("count");
  private static final Fragment MORE = Fragment.name("more");
  private static final Fragment KEYS = Fragment.name("annotation_keys");
  private static final Fragment END_TIME = Fragment.name("end_time");

  private final byte[][] cutBytes = new byte[MOST][];
  private final int[] cutOffset = new int[MOST];
  private final int[] cutLength = new int[MOST];
  private final long[] cutSize = new long[MOST];
  private int cuts;
  private int more;

  private byte[] renames = new byte[256];
  private int[] renamePlace = new int[32];
  private int renamed;
  private long end;

  void clear() {
    cuts = 0;
    more = 0;
    renamed = 0;
    end = 0;
  }

  boolean isEmpty() {
    return cuts == 0 && renamed == 0 && end == 0;
  }

  /** A part named by these bytes was cut from this size. */
  void cut(byte[] bytes, int offset, int length, long size) {
    if (cuts == MOST) {
      more++;
      return;
    }
    cutBytes[cuts] = bytes;
    cutOffset[cuts] = offset;
    cutLength[cuts] = length <= LONGEST_NAME ? length : Utf8.cut(bytes, offset, LONGEST_NAME);
    cutSize[cuts++] = size;
  }

  void cut(byte[] name, long size) {
    cut(name, 0, name.length, size);
  }

  /** Of so many parts of this name not all are there. */
  void cutFrom(byte[] name, int count) {
    cut(name, 0, name.length, -count);
  }

  /** The annotation named in clean bytes stands for an attribute of another key. */
  void renamed(byte[] clean, int cleanLength, byte[] bytes, int offset, int length) {
    int from = renamed == 0 ? 0 : renamePlace[2 * renamed - 1];
    int size = Math.min(length, Utf8.cut(bytes, offset, Math.min(length, 2 * LONGEST_NAME)));
    if (renames.length < from + cleanLength + size) {
      renames = Arrays.copyOf(renames, 2 * (from + cleanLength + size));
    }
    if (2 * renamed + 2 > renamePlace.length) {
      renamePlace = Arrays.copyOf(renamePlace, 4 * renamed);
    }
    System.arraycopy(clean, 0, renames, from, cleanLength);
    System.arraycopy(bytes, offset, renames, from + cleanLength, size);
    renamePlace[2 * renamed] = from + cleanLength;
    renamePlace[2 * renamed + 1] = from + cleanLength + size;
    renamed++;
  }

  /** Takes over what another document's notes say of annotation keys; before any of its own. */
  void renamedAs(Notes others) {
    if (others.renamed == 0) return;
    int length = others.renamePlace[2 * others.renamed - 1];
    if (renames.length < length) renames = new byte[2 * length];
    if (renamePlace.length < 2 * others.renamed) renamePlace = new int[4 * others.renamed];
    System.arraycopy(others.renames, 0, renames, 0, length);
    System.arraycopy(others.renamePlace, 0, renamePlace, 0, 2 * others.renamed);
    renamed = others.renamed;
  }

  /** Whether an annotation was renamed to this already. */
  boolean hasRenamed(byte[] clean, int length) {
    for (int i = 0; i < renamed; i++) {
      int from = i == 0 ? 0 : renamePlace[2 * i - 1];
      if (Arrays.equals(renames, from, renamePlace[2 * i], clean, 0, length)) return true;
    }
    return false;
  }

  /** The span ended before it began, by its own clock, at this time. */
  void endedEarly(long end) {
    this.end = end;
  }

  /** Writes the member of metadata. */
  void write(JsonWriter out) {
    out.member(RAYBRIDGE).put('{');
    if (cuts > 0) {
      out.member(TRUNCATED).put('[');
      for (int i = 0; i < cuts; i++) {
        out.comma();
        out.put('{');
        out.member(NAME).string(cutBytes[i], cutOffset[i], cutLength[i]);
        out.member(cutSize[i] < 0 ? COUNT : BYTES).number(Math.abs(cutSize[i]));
        out.put('}');
      }
      if (more > 0) {
        out.comma();
        out.put('{');
        out.member(MORE).number(more);
        out.put('}');
      }
      out.put(']');
    }
    if (renamed > 0) {
      out.member(KEYS).put('{');
      for (int i = 0; i < renamed; i++) {
        int from = i == 0 ? 0 : renamePlace[2 * i - 1];
        int middle = renamePlace[2 * i];
        out.member(renames, from, middle - from);
        out.string(renames, middle, renamePlace[2 * i + 1] - middle);
      }
      out.put('}');
    }
    if (end != 0) out.member(END_TIME).seconds(end);
    out.put('}');
  }
}
