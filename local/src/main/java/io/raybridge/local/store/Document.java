package io.raybridge.local.store;

/**
 * One segment or subsegment as it was sent, with what the store must know of it.
 *
 * @param traceId in X-Ray's form, lower case
 * @param id the segment's id, lower case
 * @param complete false while the segment is in progress; a complete document replaces one in
 *     progress and never the other way round
 * @param startMicros start in microseconds since 1970
 * @param endMicros end in microseconds since 1970; the start of a segment in progress
 * @param json the document as it was sent
 */
public record Document(
    String traceId, String id, boolean complete, long startMicros, long endMicros, String json) {

  /** Bytes the document takes in UTF-8. */
  int size() {
    int size = json.length();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c >= 0x80) size += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return size;
  }
}
