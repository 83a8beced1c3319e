package io.raybridge.data.view;

/** One link of a span as places in its bytes. Reused from link to link. */
public final class LinkView {
  private final Wire wire = new Wire();
  private final AttributesView attributes;
  private long traceHigh;
  private long traceLow;
  private long spanId;
  private int stateOffset;
  private int stateLength;
  private int droppedAttributes;
  private int flags;

  public LinkView(KeyTable keys) {
    attributes = new AttributesView(keys);
  }

  void read(byte[] bytes, int offset, int end) {
    attributes.clear(bytes);
    traceHigh = traceLow = spanId = 0;
    stateOffset = stateLength = droppedAttributes = flags = 0;
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
        case 3 << 3 | 2 -> {
          stateLength = in.varint();
          stateOffset = in.position;
          in.position += stateLength;
        }
        case 4 << 3 | 2 -> attributes.add(in);
        case 5 << 3 -> droppedAttributes = in.varint();
        case 6 << 3 | 5 -> flags = in.fixed32();
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

  /** Where the W3C trace state begins. */
  public int stateOffset() {
    return stateOffset;
  }

  public int stateLength() {
    return stateLength;
  }

  public int droppedAttributes() {
    return droppedAttributes;
  }

  /** W3C trace flags in the low byte; 0x100 says that 0x200 (the span is remote) is known. */
  public int flags() {
    return flags;
  }
}
