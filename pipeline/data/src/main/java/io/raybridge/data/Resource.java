package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/**
 * What produced the telemetry: service, host, container. Entity references survive as unknown
 * fields.
 */
public final class Resource {
  final Attributes attributes;
  int droppedAttributesCount;
  boolean present;
  @Nullable UnknownFields unknown;

  public Resource() {
    this(new Attributes());
  }

  private Resource(Attributes attributes) {
    this.attributes = attributes;
  }

  /** What describes the resource. */
  public Attributes attributes() {
    return attributes;
  }

  /** How many attributes the sender left out; unsigned. */
  public int droppedAttributesCount() {
    return droppedAttributesCount;
  }

  /** Sets how many attributes the sender left out; unsigned. */
  public Resource droppedAttributesCount(int value) {
    droppedAttributesCount = value;
    return this;
  }

  /** Whether there is nothing to say about the resource. */
  boolean isAbsent() {
    return !present && attributes.isEmpty() && droppedAttributesCount == 0 && unknown == null;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Resource copy() {
    var copy = new Resource(attributes.copy());
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.present = present;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
