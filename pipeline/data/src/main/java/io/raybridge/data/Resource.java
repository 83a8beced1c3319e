package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What produced the telemetry: service, host, container. */
public final class Resource {
  final Attributes attributes;
  int droppedAttributesCount;
  @Nullable List<EntityRef> entityRefs;
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

  /** Which attributes identify and describe entities that this resource is made of. */
  public List<EntityRef> entityRefs() {
    if (entityRefs == null) entityRefs = new ArrayList<>(4);
    return entityRefs;
  }

  /** Whether there is nothing to say about the resource. */
  boolean isAbsent() {
    return !present
        && attributes.isEmpty()
        && droppedAttributesCount == 0
        && (entityRefs == null || entityRefs.isEmpty())
        && unknown == null;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Resource copy() {
    var copy = new Resource(attributes.copy());
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.entityRefs = Lists.copy(entityRefs, EntityRef::copy);
    copy.present = present;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
