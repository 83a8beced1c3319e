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
    long excess = size - LARGEST + (active ? 256 : LIST);
    active = true;
    long metadataCut = Math.min(excess, metadataTook);
    if (metadataCut > 0) metadata = (int) (metadataTook - metadataCut);
    excess -= metadataCut;
    long eventsCut = Math.min(excess, eventsTook);
    if (eventsCut > 0) events = (int) (eventsTook - eventsCut);
    excess -= eventsCut;
    long framesCut = Math.min(excess, framesTook);
    if (framesCut > 0) frames = (int) (framesTook - framesCut);
    excess -= framesCut;
    long sqlCut = Math.min(excess, sqlTook);
    if (sqlCut > 0) sql = (int) (sqlTook - sqlCut);
    excess -= sqlCut;
    if (excess > 0 || attempt >= 3) texts = attempt < 3 ? 1024 : 250;
    bones = attempt >= 5;
    forget();
  }
}
