package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All spans of one resource, by scope. */
public final class ResourceSpans {
  final Resource resource;
  @Nullable List<ScopeSpans> scopeSpans;
  String schemaUrl = "";
  @Nullable UnknownFields unknown;

  public ResourceSpans() {
    this(new Resource());
  }

  private ResourceSpans(Resource resource) {
    this.resource = resource;
  }

  /** What produced them. */
  public Resource resource() {
    return resource;
  }

  /** The scopes; change the list to change the batch. */
  public List<ScopeSpans> scopeSpans() {
    if (scopeSpans == null) scopeSpans = new ArrayList<>(4);
    return scopeSpans;
  }

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public ResourceSpans schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ResourceSpans copy() {
    var copy = new ResourceSpans(resource.copy());
    copy.scopeSpans = Lists.copy(scopeSpans, ScopeSpans::copy);
    copy.schemaUrl = schemaUrl;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
