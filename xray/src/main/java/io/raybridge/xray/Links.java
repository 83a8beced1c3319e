package io.raybridge.xray;

import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.LinkView;

/**
 * Writes the links of a segment or subsegment. X-Ray takes 20 linked traces a segment; a link whose
 * ids are unusable is left out and counted, and does not take its span along. Metadata has those.
 */
final class Links {
  static final int MOST = 20;

  private static final Fragment LINKS = Fragment.name("links");
  private static final Fragment TRACE_ID = Fragment.name("trace_id");
  private static final Fragment ID = Fragment.name("id");
  private static final Fragment ATTRIBUTES = Fragment.name("attributes");
  private static final byte[] NAME = Ascii.bytes("links");

  private final TraceIds ids;
  private final ValueWriter values;
  private final LinkView link;
  private int invalid;

  Links(KeyTable keys, TraceIds ids, ValueWriter values) {
    this.ids = ids;
    this.values = values;
    link = new LinkView(keys);
  }

  /** How many links of the last document had no usable ids. */
  int invalid() {
    return invalid;
  }

  /** This document has none. */
  void none() {
    invalid = 0;
  }

  static boolean isUsable(LinkView link) {
    return link.spanId() != 0 && (link.traceHigh() != 0 || link.traceLow() != 0);
  }

  void write(Draft draft) {
    invalid = 0;
    int links = draft.span.links();
    if (links == 0) return;
    JsonWriter out = draft.out;
    int written = 0;
    for (int i = 0; i < links; i++) {
      draft.span.link(i, link);
      if (!isUsable(link)) {
        invalid++;
        continue;
      }
      if (written == MOST) {
        draft.notes.cutFrom(NAME, links);
        break;
      }
      if (written++ == 0) out.member(LINKS).put('[');
      out.comma();
      one(draft);
    }
    if (written > 0) out.put(']');
  }

  private void one(Draft draft) {
    JsonWriter out = draft.out;
    out.put('{');
    out.member(TRACE_ID);
    Ids.writeTraceId(out, ids.high(link.traceHigh(), link.traceLow()), link.traceLow());
    out.member(ID);
    out.quote();
    out.hex(link.spanId(), 16);
    out.quote();
    AttributesView attributes = link.attributes();
    if (attributes.count() > 0 && draft.trim.texts == Trim.UNLIMITED) {
      out.member(ATTRIBUTES).put('{');
      for (int i = 0; i < attributes.count(); i++) {
        out.member(attributes.bytes(), attributes.keyOffset(i), attributes.keyLength(i));
        values.write(out, attributes, i);
      }
      out.put('}');
    }
    out.put('}');
  }
}
