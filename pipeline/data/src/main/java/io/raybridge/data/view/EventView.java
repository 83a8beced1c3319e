package io.raybridge.data.view;

/** One event of a span as places in its bytes. Reused from event to event. */
public final class EventView {
  private final Wire wire = new Wire();
  private final AttributesView attributes;
  private long time;
  private int nameOffset;
  private int nameLength;
  private int droppedAttributes;

  public EventView(KeyTable keys) {
    attributes = new AttributesView(keys);
  }

  void read(byte[] bytes, int offset, int end) {
    attributes.clear(bytes);
    time = 0;
    nameOffset = nameLength = droppedAttributes = 0;
    Wire in = wire;
    in.bytes = bytes;
    in.position = offset;
    while (in.position < end) {
      int tag = in.varint();
      switch (tag) {
        case 1 << 3 | 1 -> time = in.fixed64();
        case 2 << 3 | 2 -> {
          nameLength = in.varint();
          nameOffset = in.position;
          in.position += nameLength;
        }
        case 3 << 3 | 2 -> attributes.add(in);
        case 4 << 3 -> droppedAttributes = in.varint();
        default -> in.skip(tag);
      }
    }
  }

  public AttributesView attributes() {
    return attributes;
  }

  /** Unsigned nanoseconds since 1970; 0 when missing. */
  public long time() {
    return time;
  }

  public int nameOffset() {
    return nameOffset;
  }

  public int nameLength() {
    return nameLength;
  }

  public int droppedAttributes() {
    return droppedAttributes;
  }
}
