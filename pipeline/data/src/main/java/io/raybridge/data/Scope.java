package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** The instrumentation library that produced the telemetry. */
public final class Scope {
  String name = "";
  String version = "";
  final Attributes attributes;
  int droppedAttributesCount;
  boolean present;
  @Nullable UnknownFields unknown;

  public Scope() {
    this(new Attributes());
  }

  private Scope(Attributes attributes) {
    this.attributes = attributes;
  }

  /** The library's name, or empty. */
  public String name() {
    return name;
  }

  /** Sets the library's name, or empty. */
  public Scope name(String value) {
    name = value;
    return this;
  }

  /** The library's version, or empty. */
  public String version() {
    return version;
  }

  /** Sets the library's version, or empty. */
  public Scope version(String value) {
    version = value;
    return this;
  }

  /** What further describes the library. */
  public Attributes attributes() {
    return attributes;
  }

  /** How many attributes the sender left out; unsigned. */
  public int droppedAttributesCount() {
    return droppedAttributesCount;
  }

  /** Sets how many attributes the sender left out; unsigned. */
  public Scope droppedAttributesCount(int value) {
    droppedAttributesCount = value;
    return this;
  }

  /** Whether there is nothing to say about the scope. */
  boolean isAbsent() {
    return !present
        && name.isEmpty()
        && version.isEmpty()
        && attributes.isEmpty()
        && droppedAttributesCount == 0
        && unknown == null;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Scope copy() {
    var copy = new Scope(attributes.copy());
    copy.name = name;
    copy.version = version;
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.present = present;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
