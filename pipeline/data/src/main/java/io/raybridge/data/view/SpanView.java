package io.raybridge.data.view;

import java.util.Arrays;

/** One OTLP span as places in its bytes. Reused from span to span. */
public final class SpanView {
  private final Wire wire = new Wire();
  private final AttributesView attributes;

  private long traceHigh;
  private long traceLow;
  private boolean traceId;
  private long spanId;
  private long parentId;
  private int stateOffset;
  private int stateLength;
  private int nameOffset;
  private int nameLength;
  private int kind;
  private long start;
  private long end;
  private int droppedAttributes;
  private int droppedEvents;
  private int droppedLinks;
  private int flags;
  private int status;
  private int messageOffset;
  private int messageLength;
  private int events;
  private int[] event = new int[16];
  private int links;
  private int[] link = new int[16];

  SpanView(KeyTable keys) {
    attributes = new AttributesView(keys);
  }

  void read(byte[] bytes, int offset, int end) {
    clear(bytes);
    wire.position = offset;
    while (wire.position < end) field(wire.varint());
  }

  private void clear(byte[] bytes) {
    wire.bytes = bytes;
    attributes.clear(bytes);
    traceHigh = traceLow = spanId = parentId = start = end = 0;
    traceId = false;
    stateOffset = nameOffset = messageOffset = 0;
    stateLength = nameLength = messageLength = 0;
    kind = status = flags = 0;
    droppedAttributes = droppedEvents = droppedLinks = 0;
    events = links = 0;
  }

  private void field(int tag) {
    Wire in = wire;
    switch (tag) {
      case 1 << 3 | 2 -> {
        int length = in.varint();
        traceId = length == 16;
        traceHigh = traceId ? in.bigEndian(in.position) : 0;
        traceLow = traceId ? in.bigEndian(in.position + 8) : 0;
        in.position += length;
      }
      case 2 << 3 | 2 -> spanId = id(in);
      case 3 << 3 | 2 -> {
        stateLength = in.varint();
        stateOffset = in.position;
        in.position += stateLength;
      }
      case 4 << 3 | 2 -> parentId = id(in);
      case 5 << 3 | 2 -> {
        nameLength = in.varint();
        nameOffset = in.position;
        in.position += nameLength;
      }
      case 6 << 3 -> kind = in.varint();
      case 7 << 3 | 1 -> start = in.fixed64();
      case 8 << 3 | 1 -> end = in.fixed64();
      case 9 << 3 | 2 -> attributes.add(in);
      case 10 << 3 -> droppedAttributes = in.varint();
      case 11 << 3 | 2 -> {
        if (2 * events == event.length) event = Arrays.copyOf(event, 4 * events);
        events = place(in, event, events);
      }
      case 12 << 3 -> droppedEvents = in.varint();
      case 13 << 3 | 2 -> {
        if (2 * links == link.length) link = Arrays.copyOf(link, 4 * links);
        links = place(in, link, links);
      }
      case 14 << 3 -> droppedLinks = in.varint();
      case 15 << 3 | 2 -> status(in);
      case 16 << 3 | 5 -> flags = in.fixed32();
      default -> in.skip(tag);
    }
  }

  private static long id(Wire in) {
    int length = in.varint();
    long id = length == 8 ? in.bigEndian(in.position) : 0;
    in.position += length;
    return id;
  }

  private static int place(Wire in, int[] places, int count) {
    int length = in.varint();
    places[2 * count] = in.position;
    places[2 * count + 1] = in.position += length;
    return count + 1;
  }

  private void status(Wire in) {
    int length = in.varint();
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.varint();
      switch (tag) {
        case 2 << 3 | 2 -> {
          messageLength = in.varint();
          messageOffset = in.position;
          in.position += messageLength;
        }
        case 3 << 3 -> status = in.varint();
        default -> in.skip(tag);
      }
    }
  }

  public byte[] bytes() {
    return wire.bytes;
  }

  public AttributesView attributes() {
    return attributes;
  }

  /** The first eight bytes of the trace id; 0 when the id is missing. */
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

  /** 0 for a root. */
  public long parentId() {
    return parentId;
  }

  public int stateOffset() {
    return stateOffset;
  }

  public int stateLength() {
    return stateLength;
  }

  public int nameOffset() {
    return nameOffset;
  }

  public int nameLength() {
    return nameLength;
  }

  /** OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  public int kind() {
    return kind;
  }

  /** Unsigned nanoseconds since 1970; 0 when missing. */
  public long start() {
    return start;
  }

  /** Unsigned nanoseconds since 1970; 0 when missing. */
  public long end() {
    return end;
  }

  public int droppedAttributes() {
    return droppedAttributes;
  }

  public int droppedEvents() {
    return droppedEvents;
  }

  public int droppedLinks() {
    return droppedLinks;
  }

  /** W3C trace flags in the low byte; 0x100 says that 0x200 (the parent is remote) is known. */
  public int flags() {
    return flags;
  }

  /** 0 unset, 1 ok, 2 error. */
  public int status() {
    return status;
  }

  public int messageOffset() {
    return messageOffset;
  }

  public int messageLength() {
    return messageLength;
  }

  public int events() {
    return events;
  }

  /** Puts the event of this number into a view. */
  public void event(int number, EventView into) {
    into.read(wire.bytes, event[2 * number], event[2 * number + 1]);
  }

  public int links() {
    return links;
  }

  /** Puts the link of this number into a view. */
  public void link(int number, LinkView into) {
    into.read(wire.bytes, link[2 * number], link[2 * number + 1]);
  }
}
