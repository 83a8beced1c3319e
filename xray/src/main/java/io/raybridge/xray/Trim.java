package io.raybridge.xray;

/**
 * What each part of a document may take once the whole came out too large, and what each part took
 * in the attempt before. Parts give way in this order: metadata of attributes, events, stack
 * frames, SQL text; then every text is cut; then only the bones remain.
 */
final class Trim {
  /** X-Ray's limit of a document. */
  static final int LARGEST = 64 * 1024;

  /** Kept free for the list of what was cut. */
  private static final int LIST = 6 * 1024;

  private static final int SLACK = 256;
  private static final int KEPT_METADATA = 4 * 1024;

  static final int UNLIMITED = Integer.MAX_VALUE;

  int metadata;
  int events;
  int frames;
  int sql;
  int texts;
  boolean bones;
  boolean active;

  long metadataTook;
  long eventsTook;
  long framesTook;
  long sqlTook;

  void clear() {
    metadata = events = frames = sql = texts = UNLIMITED;
    bones = false;
    active = false;
    forget();
  }

  void forget() {
    metadataTook = eventsTook = framesTook = sqlTook = 0;
  }

  /** Sets narrower bounds after an attempt of this size; the attempts end with the bones. */
  void tighten(long size, int attempt) {
    long excess = size - LARGEST + (active ? SLACK : LIST);
    active = true;
    // The first of the metadata helps little when it goes and much when it stays.
    long metadataCut = Math.min(excess, Math.max(0, metadataTook - KEPT_METADATA));
    excess -= metadataCut;
    long eventsCut = Math.min(excess, eventsTook);
    excess -= eventsCut;
    long framesCut = Math.min(excess, framesTook);
    excess -= framesCut;
    long sqlCut = Math.min(excess, sqlTook);
    excess -= sqlCut;
    long restCut = Math.min(excess, metadataTook - metadataCut);
    excess -= restCut;
    metadata = narrowed(metadata, metadataTook, metadataCut + restCut);
    events = narrowed(events, eventsTook, eventsCut);
    frames = narrowed(frames, framesTook, framesCut);
    sql = narrowed(sql, sqlTook, sqlCut);
    if (excess > 0 || attempt >= 3) texts = attempt < 3 ? 1024 : 250;
    bones = attempt >= 5;
    forget();
  }

  private static int narrowed(int bound, long took, long cut) {
    return cut > 0 ? (int) Math.min(bound, took - cut) : bound;
  }
}
