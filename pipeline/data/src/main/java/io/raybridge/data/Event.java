package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** Something that happened at one moment of a span. */
public final class Event {
  long timeUnixNano;
  String name = "";
  final Attributes attributes;
  int droppedAttributesCount;
  @Nullable UnknownFields unknown;

  public Event() {
    this(new Attributes());
  }

  private Event(Attributes attributes) {
    this.attributes = attributes;
  }

  /** When it happened. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when it happened. */
  public Event timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** What happened. */
  public String name() {
    return name;
  }

  /** Sets what happened. */
  public Event name(String value) {
    name = value;
    return this;
  }

  /** What describes the event. */
  public Attributes attributes() {
    return attributes;
  }

  /** How many attributes the sender left out; unsigned. */
  public int droppedAttributesCount() {
    return droppedAttributesCount;
  }

  /** Sets how many attributes the sender left out; unsigned. */
  public Event droppedAttributesCount(int value) {
    droppedAttributesCount = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Event copy() {
    var copy = new Event(attributes.copy());
    copy.timeUnixNano = timeUnixNano;
    copy.name = name;
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
