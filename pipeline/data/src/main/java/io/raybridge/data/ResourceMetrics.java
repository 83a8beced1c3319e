package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All metrics of one resource, by scope. */
public final class ResourceMetrics {
  final Resource resource;
  @Nullable List<ScopeMetrics> scopeMetrics;
  String schemaUrl = "";
  @Nullable UnknownFields unknown;

  public ResourceMetrics() {
    this(new Resource());
  }

  private ResourceMetrics(Resource resource) {
    this.resource = resource;
  }

  /** What produced them. */
  public Resource resource() {
    return resource;
  }

  /** The scopes; change the list to change the batch. */
  public List<ScopeMetrics> scopeMetrics() {
    if (scopeMetrics == null) scopeMetrics = new ArrayList<>(4);
    return scopeMetrics;
  }

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public ResourceMetrics schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ResourceMetrics copy() {
    var copy = new ResourceMetrics(resource.copy());
    copy.scopeMetrics = Lists.copy(scopeMetrics, ScopeMetrics::copy);
    copy.schemaUrl = schemaUrl;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
