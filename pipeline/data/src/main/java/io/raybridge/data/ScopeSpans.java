package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All spans of one scope. */
public final class ScopeSpans {
  final Scope scope;
  @Nullable List<Span> spans;
  String schemaUrl = "";
  @Nullable UnknownFields unknown;

  public ScopeSpans() {
    this(new Scope());
  }

  private ScopeSpans(Scope scope) {
    this.scope = scope;
  }

  /** The library that produced them. */
  public Scope scope() {
    return scope;
  }

  /** The spans; change the list to change the batch. */
  public List<Span> spans() {
    if (spans == null) spans = new ArrayList<>(4);
    return spans;
  }

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public ScopeSpans schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ScopeSpans copy() {
    var copy = new ScopeSpans(scope.copy());
    copy.spans = Lists.copy(spans, Span::copy);
    copy.schemaUrl = schemaUrl;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
