package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;

/**
 * Writes the annotations: what the configuration indexes and what the span itself lists in {@code
 * aws.xray.annotations}. X-Ray takes letters, digits, {@code _} and {@code .} in keys; another
 * character becomes {@code _}, and if that makes two keys equal, the changed one gets a suffix that
 * depends on the original key alone.
 */
final class Annotations {
  /** X-Ray indexes 50 a trace. */
  static final int MOST = 50;

  private static final Fragment ANNOTATIONS = Fragment.name("annotations");
  private static final Fragment TRACE_ID = Fragment.name("otel_trace_id");

  private final Indexing indexing;
  private final ValueWriter values;
  private final AnyValueView listed = new AnyValueView();
  private byte[] clean = new byte[64];
  private int count;

  Annotations(Indexing indexing, ValueWriter values) {
    this.indexing = indexing;
    this.values = values;
  }

  static boolean possible(int type) {
    return type >= AnyValueView.STRING && type <= AnyValueView.DOUBLE;
  }

  /** Replaces in place what X-Ray does not take; whether there was anything. */
  static boolean clean(byte[] key, int length) {
    boolean changed = false;
    for (int i = 0; i < length; i++) {
      byte b = key[i];
      if (Ascii.digit(b) || Ascii.letter(b) || b == '.' || b == '_') continue;
      key[i] = '_';
      changed = true;
    }
    return changed;
  }

  /**
   * @param mappedFrom the lower half of a 64-bit trace id that was mapped, else 0
   */
  void write(Draft draft, long mappedFrom) {
    int list = draft.attributes.indexOf(Keys.AWS_XRAY_ANNOTATIONS);
    boolean resource = draft.segment && !draft.resource.annotations.isEmpty();
    if (list < 0 && mappedFrom == 0 && !indexing.any() && !resource) return;
    JsonWriter out = draft.out;
    count = 0;
    if (resource) {
      open(out);
      out.put(draft.resource.annotations);
      count = draft.resource.annotationCount;
    }
    if (mappedFrom != 0) {
      open(out);
      out.member(TRACE_ID);
      out.quote();
      out.hex(0, 16);
      out.hex(mappedFrom, 16);
      out.quote();
      count++;
    }
    if (list >= 0) listed(draft, list);
    if (indexing.any()) indexed(draft);
    if (count > 0) out.put('}');
  }

  private void open(JsonWriter out) {
    if (count == 0) out.member(ANNOTATIONS).put('{');
  }

  private void listed(Draft draft, int list) {
    AttributesView attributes = draft.attributes;
    if (attributes.type(list) != AnyValueView.ARRAY) return;
    draft.use(list);
    listed.open(attributes.bytes(), attributes.offset(list), attributes.length(list));
    while (listed.nextElement()) {
      if (listed.type() != AnyValueView.STRING) continue;
      int index = attributes.find(attributes.bytes(), listed.offset(), listed.length());
      if (index < 0 || draft.isAnnotated(index)) continue;
      annotate(draft, index);
    }
  }

  private void indexed(Draft draft) {
    AttributesView attributes = draft.attributes;
    for (int i = 0; i < attributes.count() && count < MOST; i++) {
      if (draft.isAnnotated(i)) continue;
      boolean named =
          indexing.names(
              attributes.id(i),
              attributes.bytes(),
              attributes.keyOffset(i),
              attributes.keyLength(i));
      if (named || (indexing.all() && !draft.isUsed(i))) annotate(draft, i);
    }
  }

  private void annotate(Draft draft, int index) {
    AttributesView attributes = draft.attributes;
    if (count >= MOST || !possible(attributes.type(index))) return;
    if (Secrets.mayHold(attributes.id(index))) return;
    if (draft.companion && aboutFarSide(attributes.id(index))) return;
    open(draft.out);
    key(draft, index);
    values.write(draft.out, attributes, index);
    draft.annotated(index);
    count++;
  }

  private static boolean aboutFarSide(int id) {
    return id == Keys.AWS_REMOTE_SERVICE
        || id == Keys.AWS_REMOTE_OPERATION
        || id == Keys.AWS_REMOTE_TARGET
        || id == Keys.AWS_REMOTE_NAMESPACE;
  }

  private void key(Draft draft, int index) {
    AttributesView attributes = draft.attributes;
    byte[] bytes = attributes.bytes();
    int offset = attributes.keyOffset(index);
    int length = attributes.keyLength(index);
    if (clean.length < length + 9) clean = new byte[2 * length + 9];
    System.arraycopy(bytes, offset, clean, 0, length);
    int cleanLength = length;
    boolean changed = clean(clean, length);
    if (length == 0) {
      clean[0] = '_';
      cleanLength = 1;
      changed = true;
    }
    boolean resources = draft.resource.findPrefixed(clean, 0, cleanLength) >= 0;
    if (!changed && !resources) {
      draft.out.member(bytes, offset, length);
      return;
    }
    boolean taken =
        resources
            || attributes.find(clean, 0, cleanLength) >= 0
            || draft.notes.hasRenamed(clean, cleanLength);
    if (taken) cleanLength = suffix(bytes, offset, length, cleanLength);
    draft.out.member(clean, 0, cleanLength);
    draft.notes.renamed(clean, cleanLength, bytes, offset, length);
  }

  /** Appends {@code _} and eight hex digits of the original key's FNV-1a hash. */
  private int suffix(byte[] bytes, int offset, int length, int at) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < length; i++) hash = (hash ^ (bytes[offset + i] & 255)) * 0x01000193;
    clean[at] = '_';
    for (int i = 0; i < 8; i++) {
      clean[at + 1 + i] = (byte) Character.forDigit((hash >>> (28 - 4 * i)) & 15, 16);
    }
    return at + 9;
  }
}
