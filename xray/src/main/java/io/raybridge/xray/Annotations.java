package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import java.util.BitSet;

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
  private static final byte[] TRACE_ID_KEY = Ascii.bytes("otel_trace_id");

  private final Indexing indexing;
  private final SqlBlock sql;
  private final ValueWriter values;
  private final AnyValueView listed = new AnyValueView();
  private final AnnotationKey key = new AnnotationKey();
  private final BitSet ofResource = new BitSet();
  private int count;

  Annotations(Indexing indexing, SqlBlock sql, ValueWriter values) {
    this.indexing = indexing;
    this.sql = sql;
    this.values = values;
  }

  /** Whether annotations take every attribute that no block has taken. */
  boolean takeTheRest() {
    return indexing.all();
  }

  static boolean possible(int type) {
    return type >= AnyValueView.STRING && type <= AnyValueView.DOUBLE;
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
      draft.notes.renamedAs(draft.resource.renames);
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
    ofResource.clear();
    listed.open(attributes.bytes(), attributes.offset(list), attributes.length(list));
    while (listed.nextElement()) {
      if (listed.type() != AnyValueView.STRING) continue;
      int index = attributes.find(attributes.bytes(), listed.offset(), listed.length());
      if (index < 0) ofResource(draft, listed.offset(), listed.length());
      else if (!draft.isAnnotated(index)) annotate(draft, index);
    }
  }

  /** Annotates with the resource's attribute of this prefixed key; metadata keeps it too. */
  private void ofResource(Draft draft, int offset, int length) {
    if (!draft.segment || count >= MOST) return;
    byte[] bytes = draft.bytes();
    int index = draft.resource.findPrefixed(bytes, offset, length);
    if (index < 0 || ofResource.get(index) || indexing.indexes(bytes, offset, length)) return;
    AttributesView attributes = draft.resource.attributes();
    if (!possible(attributes.type(index))) return;
    ofResource.set(index);
    open(draft.out);
    if (key.set(bytes, offset, length)) {
      key.addSuffix();
      draft.notes.renamed(key.bytes, key.length, bytes, offset, length);
    }
    draft.out.member(key.bytes, 0, key.length);
    values.write(draft.out, attributes, index);
    count++;
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
    if (draft.companion && aboutFarSide(attributes.id(index))) return;
    open(draft.out);
    key(draft, index);
    if (!sql.writeMasked(draft, index)) values.write(draft.out, attributes, index);
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
    boolean changed = key.set(bytes, offset, length);
    boolean reserved =
        (draft.segment && Resource.isPrefixed(key.bytes, 0, key.length))
            || Ascii.equal(key.bytes, 0, key.length, TRACE_ID_KEY);
    if (!changed && !reserved) {
      draft.out.member(bytes, offset, length);
      return;
    }
    boolean taken =
        reserved
            || attributes.find(key.bytes, 0, key.length) >= 0
            || draft.notes.hasRenamed(key.bytes, key.length);
    if (taken) key.addSuffix();
    draft.out.member(key.bytes, 0, key.length);
    draft.notes.renamed(key.bytes, key.length, bytes, offset, length);
  }
}
