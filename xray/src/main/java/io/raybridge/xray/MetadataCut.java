package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;

/**
 * Writes the attributes of a document that came out too large: all that are small whole, texts
 * above a water line cut to it, other values above it not at all. The line is as high as the room
 * allows, so that one huge attribute does not cost the small ones their place. Where there are so
 * many that a line for all would leave something of none, those that come first have the room.
 */
final class MetadataCut {
  private static final int ROOM_FOR_KEY = 16;
  private static final int SHORTEST_TEXT = 16;
  private static final int LONGEST_KEY = 512;

  /** What an attribute may take however many there are. */
  private static final int LOWEST_LINE = 256;

  private final Draft draft;
  private final Metadata metadata;
  private final AttributesView resource;
  private final AttributesView attributes;
  private final int resources;

  MetadataCut(Draft draft, Metadata metadata) {
    this.draft = draft;
    this.metadata = metadata;
    resource = draft.resource.attributes();
    attributes = draft.attributes;
    resources = draft.segment ? resource.count() : 0;
  }

  void write() {
    int spans = draft.companion ? 0 : attributes.count();
    var sizes = new long[resources + spans];
    for (int i = 0; i < sizes.length; i++) sizes[i] = measure(i);
    long room = draft.trim.metadata;
    long line = Math.max(LOWEST_LINE, waterLine(sizes, room));
    long end = draft.out.size() + room;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) continue;
      long left = end - draft.out.size();
      if (sizes[i] <= Math.min(line, left) && keyLength(i) <= LONGEST_KEY) {
        one(i);
      } else {
        cut(i, Math.min(line, left));
        note(i, sizes[i]);
      }
    }
  }

  private long measure(int i) {
    if (i >= resources && draft.isUsed(i - resources)) return 0;
    draft.out.mark();
    long before = draft.out.size();
    one(i);
    long size = draft.out.size() - before;
    draft.out.reset();
    return size;
  }

  private void one(int i) {
    if (i < resources) metadata.resourceAttribute(draft, i);
    else metadata.attribute(draft, i - resources);
  }

  /** The greatest size up to which all may stand when what is larger is cut to it. */
  private static long waterLine(long[] sizes, long room) {
    long low = 0;
    long high = Trim.LARGEST;
    while (low < high) {
      long middle = (low + high + 1) / 2;
      long sum = 0;
      for (long size : sizes) sum += Math.min(size, middle);
      if (sum <= room) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private void cut(int i, long line) {
    AttributesView from = i < resources ? resource : attributes;
    int index = i < resources ? i : i - resources;
    if (from.type(index) != AnyValueView.STRING || keyLength(i) > LONGEST_KEY) return;
    long room = line - keyLength(i) - ROOM_FOR_KEY;
    if (room < SHORTEST_TEXT) return;
    JsonWriter out = draft.out;
    out.mark();
    long before = out.size();
    out.cutTextsTo((int) Math.min(room, draft.trim.texts));
    one(i);
    out.cutTextsTo(draft.trim.texts);
    // Escapes may take more room than the text that needs them.
    if (out.size() - before > line) out.reset();
  }

  private int keyLength(int i) {
    return i < resources ? resource.keyLength(i) : attributes.keyLength(i - resources);
  }

  private void note(int i, long size) {
    AttributesView from = i < resources ? resource : attributes;
    int index = i < resources ? i : i - resources;
    draft.notes.cut(from.bytes(), from.keyOffset(index), from.keyLength(index), size);
  }
}
