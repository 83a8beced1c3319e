package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All log records of one resource, by scope. */
public final class ResourceLogs {
  final Resource resource;
  @Nullable List<ScopeLogs> scopeLogs;
  String schemaUrl = "";
  @Nullable UnknownFields unknown;

  public ResourceLogs() {
    this(new Resource());
  }

  private ResourceLogs(Resource resource) {
    this.resource = resource;
  }

  /** What produced them. */
  public Resource resource() {
    return resource;
  }

  /** The scopes; change the list to change the batch. */
  public List<ScopeLogs> scopeLogs() {
    if (scopeLogs == null) scopeLogs = new ArrayList<>(4);
    return scopeLogs;
  }

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public ResourceLogs schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ResourceLogs copy() {
    var copy = new ResourceLogs(resource.copy());
    copy.scopeLogs = Lists.copy(scopeLogs, ScopeLogs::copy);
    copy.schemaUrl = schemaUrl;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
