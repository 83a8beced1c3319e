package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All metrics of one scope. */
public final class ScopeMetrics {
  final Scope scope;
  @Nullable List<Metric> metrics;
  String schemaUrl = "";
  @Nullable UnknownFields unknown;

  public ScopeMetrics() {
    this(new Scope());
  }

  private ScopeMetrics(Scope scope) {
    this.scope = scope;
  }

  /** The library that produced them. */
  public Scope scope() {
    return scope;
  }

  /** The metrics; change the list to change the batch. */
  public List<Metric> metrics() {
    if (metrics == null) metrics = new ArrayList<>(4);
    return metrics;
  }

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public ScopeMetrics schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ScopeMetrics copy() {
    var copy = new ScopeMetrics(scope.copy());
    copy.metrics = Lists.copy(metrics, Metric::copy);
    copy.schemaUrl = schemaUrl;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
