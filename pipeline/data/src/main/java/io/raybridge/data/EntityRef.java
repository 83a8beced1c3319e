package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names the attributes of a resource that identify and describe one entity, such as a host. */
public final class EntityRef {
  String schemaUrl = "";
  String type = "";
  List<String> idKeys = new ArrayList<>(2);
  List<String> descriptionKeys = new ArrayList<>(2);
  @Nullable UnknownFields unknown;

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public EntityRef schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** The type of the entity, such as {@code host}. */
  public String type() {
    return type;
  }

  /** Sets the type of the entity, such as {@code host}. */
  public EntityRef type(String value) {
    type = value;
    return this;
  }

  /** The keys of the resource's attributes that identify the entity. */
  public List<String> idKeys() {
    return idKeys;
  }

  /** The keys of the resource's attributes that describe the entity. */
  public List<String> descriptionKeys() {
    return descriptionKeys;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public EntityRef copy() {
    var copy = new EntityRef();
    copy.schemaUrl = schemaUrl;
    copy.type = type;
    copy.idKeys = new ArrayList<>(idKeys);
    copy.descriptionKeys = new ArrayList<>(descriptionKeys);
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
