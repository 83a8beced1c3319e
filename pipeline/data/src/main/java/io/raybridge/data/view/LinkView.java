package io.raybridge.data.view;

/** One link of a span as places in its bytes. Reused from link to link. */
public final class LinkView {
  private final Wire wire = new Wire();
  private final AttributesView attributes;
  private long traceHigh;
  private long traceLow;
  private long spanId;

  public LinkView(KeyTable keys) {
    attributes = new AttributesView(keys);
  }

  void read(byte[] bytes, int offset, int end) {
    attributes.clear(bytes);
    traceHigh = traceLow = spanId = 0;
    Wire in = wire;
    in.bytes = bytes;
    in.position = offset;
    while (in.position < end) {
      int tag = in.varint();
      switch (tag) {
        case 1 << 3 | 2 -> {
          int length = in.varint();
          traceHigh = length == 16 ? in.bigEndian(in.position) : 0;
          traceLow = length == 16 ? in.bigEndian(in.position + 8) : 0;
          in.position += length;
        }
        case 2 << 3 | 2 -> {
          int length = in.varint();
          spanId = length == 8 ? in.bigEndian(in.position) : 0;
          in.position += length;
        }
        case 4 << 3 | 2 -> attributes.add(in);
        default -> in.skip(tag);
      }
    }
  }

  public AttributesView attributes() {
    return attributes;
  }

  /** The first eight bytes of the trace id; both halves 0 when the id is missing. */
  public long traceHigh() {
    return traceHigh;
  }

  public long traceLow() {
    return traceLow;
  }

  /** 0 when missing or all zero, which OTLP calls invalid. */
  public long spanId() {
    return spanId;
  }
}
