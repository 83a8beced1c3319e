package io.raybridge.processors.attributes;

import io.raybridge.data.Attributes;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Metric;
import io.raybridge.data.Resource;
import io.raybridge.data.Scope;
import io.raybridge.data.Span;
import io.raybridge.data.ValueText;
import io.raybridge.processors.attributes.MatchProperties.SeverityNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link MatchProperties} made ready to be asked many times: all that are given must hold. */
final class Conditions {
  static final List<String> KINDS =
      List.of(
          "SPAN_KIND_UNSPECIFIED",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER");
  private static final String NO_SERVICE = "<nil-service-name>";

  private final Texts services;
  private final Texts spanNames;
  private final Texts spanKinds;
  private final Texts logBodies;
  private final Texts logSeverityTexts;
  private final @Nullable SeverityNumber logSeverityNumber;
  private final Texts metricNames;
  private final AttributeCondition[] attributes;
  private final AttributeCondition[] resources;
  private final LibraryCondition[] libraries;

  Conditions(MatchProperties given) {
    var type = given.matchType();
    services = new Texts(type, "services", given.services());
    spanNames = new Texts(type, "span_names", given.spanNames());
    spanKinds = new Texts(type, "span_kinds", given.spanKinds());
    logBodies = new Texts(type, "log_bodies", given.logBodies());
    logSeverityTexts = new Texts(type, "log_severity_texts", given.logSeverityTexts());
    logSeverityNumber = given.logSeverityNumber().orElse(null);
    metricNames = new Texts(type, "metric_names", given.metricNames());
    attributes =
        given.attributes().stream()
            .map(match -> new AttributeCondition(type, "attributes", match))
            .toArray(AttributeCondition[]::new);
    resources =
        given.resources().stream()
            .map(match -> new AttributeCondition(type, "resources", match))
            .toArray(AttributeCondition[]::new);
    libraries =
        given.libraries().stream()
            .map(library -> new LibraryCondition(type, library))
            .toArray(LibraryCondition[]::new);
  }

  boolean matches(Span span, Resource resource, Scope scope) {
    return spanNames.matches(span.name())
        && (spanKinds.isEmpty() || spanKinds.matches(kind(span)))
        && (services.isEmpty() || services.matches(service(resource)))
        && all(resources, resource.attributes())
        && one(libraries, scope)
        && all(attributes, span.attributes());
  }

  boolean matches(LogRecord log, Resource resource, Scope scope) {
    return (logBodies.isEmpty() || logBodies.matches(ValueText.of(log.body())))
        && logSeverityTexts.matches(log.severityText())
        && hasSeverity(log)
        && all(resources, resource.attributes())
        && one(libraries, scope)
        && all(attributes, log.attributes());
  }

  boolean matches(Metric metric, Resource resource) {
    return metricNames.matches(metric.name()) && all(resources, resource.attributes());
  }

  private static String kind(Span span) {
    int kind = span.kind();
    return kind >= 0 && kind < KINDS.size() ? KINDS.get(kind) : "";
  }

  private static String service(Resource resource) {
    var name = resource.attributes().get("service.name");
    return name == null ? NO_SERVICE : ValueText.of(name);
  }

  private boolean hasSeverity(LogRecord log) {
    if (logSeverityNumber == null) return true;
    return log.severityNumber() == 0
        ? logSeverityNumber.matchUndefined()
        : log.severityNumber() >= logSeverityNumber.min();
  }

  private static boolean all(AttributeCondition[] conditions, Attributes attributes) {
    for (var condition : conditions) {
      if (!condition.matches(attributes)) return false;
    }
    return true;
  }

  private static boolean one(LibraryCondition[] conditions, Scope scope) {
    if (conditions.length == 0) return true;
    for (var condition : conditions) {
      if (condition.matches(scope)) return true;
    }
    return false;
  }
}
