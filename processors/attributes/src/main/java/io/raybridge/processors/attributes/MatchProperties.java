package io.raybridge.processors.attributes;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.data.Signal;
import java.util.List;
import java.util.Optional;

/** Keys under {@code include} and {@code exclude}: conditions that must all hold. */
public record MatchProperties(
    @Key(doc = "How texts are compared: `strict`, equal; `regexp`, matched somewhere (RE2).")
        MatchType matchType,
    @Key(
            doc = "Settings of `regexp`.",
            noEffect = "results are not cached: patterns take time linear in the text")
        Optional<RegexpCache> regexp,
    @Key(doc = "Spans: `service.name` is one of these.") List<String> services,
    @Key(doc = "Spans: the name is one of these.") List<String> spanNames,
    @Key(doc = "Spans: the kind is one of these, as `SPAN_KIND_SERVER`.") List<String> spanKinds,
    @Key(doc = "Logs: the body, as text, is one of these.") List<String> logBodies,
    @Key(doc = "Logs: the severity text is one of these.") List<String> logSeverityTexts,
    @Key(doc = "Logs: the severity is at least this.") Optional<SeverityNumber> logSeverityNumber,
    @Key(doc = "Metrics: the name is one of these.") List<String> metricNames,
    @Key(doc = "Spans and logs: there are all of these attributes.")
        List<AttributeMatch> attributes,
    @Key(doc = "The resource has all of these attributes.") List<AttributeMatch> resources,
    @Key(doc = "Spans and logs: the instrumentation scope is one of these.")
        List<Library> libraries) {

  /** How texts are compared. */
  public enum MatchType {
    STRICT,
    REGEXP
  }

  /** Keys under {@code regexp}. */
  public record RegexpCache(
      @Key(name = "cacheenabled", doc = "Whether results are kept.", def = "false")
          boolean cacheEnabled,
      @Key(name = "cachemaxnumentries", doc = "How many are kept; 0 is all.", def = "0", min = 0)
          int cacheMaxNumEntries) {}

  /** An attribute that must be there. */
  public record AttributeMatch(
      @Key(doc = "The attribute.") String key,
      @Key(doc = "Its value, of the same type; a pattern for `regexp`. Without it any will do.")
          Optional<Object> value) {
    public AttributeMatch {
      if (key.isEmpty()) throw new Invalid("key", "empty (expected: the name of an attribute)");
    }
  }

  /** An instrumentation scope. */
  public record Library(
      @Key(doc = "The scope's name.") String name,
      @Key(doc = "The scope's version. Without it any will do.", mayBeEmpty = true)
          Optional<String> version) {}

  /** A lowest severity. */
  public record SeverityNumber(
      @Key(doc = "The lowest severity number that matches, 1 to 24.", def = "0", min = 0, max = 24)
          int min,
      @Key(doc = "Whether records without severity match.", def = "false")
          boolean matchUndefined) {}

  public MatchProperties {
    boolean any =
        logSeverityNumber.isPresent()
            || !(services.isEmpty()
                && spanNames.isEmpty()
                && spanKinds.isEmpty()
                && logBodies.isEmpty()
                && logSeverityTexts.isEmpty()
                && metricNames.isEmpty()
                && attributes.isEmpty()
                && resources.isEmpty()
                && libraries.isEmpty());
    if (!any) {
      throw new Invalid("match_type", "nothing to match (expected: at least one condition)");
    }
    // A broken pattern is an error of the configuration, not of the first span.
    new Texts(matchType, "services", services);
    new Texts(matchType, "span_names", spanNames);
    new Texts(matchType, "span_kinds", spanKinds);
    new Texts(matchType, "log_bodies", logBodies);
    new Texts(matchType, "log_severity_texts", logSeverityTexts);
    new Texts(matchType, "metric_names", metricNames);
    for (var attribute : attributes) new AttributeCondition(matchType, "attributes", attribute);
    for (var resource : resources) new AttributeCondition(matchType, "resources", resource);
    for (var library : libraries) new LibraryCondition(matchType, library);
    if (matchType == MatchType.STRICT) kindsAreKnown(spanKinds);
  }

  private static void kindsAreKnown(List<String> kinds) {
    for (String kind : kinds) {
      if (!Conditions.KINDS.contains(kind)) {
        throw new Invalid("span_kinds", kind + " (expected: one of " + Conditions.KINDS + ")");
      }
    }
  }

  /** Refuses conditions that say nothing of the items of a signal. */
  void checkFor(Signal signal, String section) {
    boolean traces = signal == Signal.TRACES;
    boolean metrics = signal == Signal.METRICS;
    boolean logs = signal == Signal.LOGS;
    only(traces, section, "services", services.isEmpty(), signal);
    only(traces, section, "span_names", spanNames.isEmpty(), signal);
    only(traces, section, "span_kinds", spanKinds.isEmpty(), signal);
    only(logs, section, "log_bodies", logBodies.isEmpty(), signal);
    only(logs, section, "log_severity_texts", logSeverityTexts.isEmpty(), signal);
    only(logs, section, "log_severity_number", logSeverityNumber.isEmpty(), signal);
    only(metrics, section, "metric_names", metricNames.isEmpty(), signal);
    only(!metrics, section, "attributes", attributes.isEmpty(), signal);
    only(!metrics, section, "libraries", libraries.isEmpty(), signal);
  }

  private static void only(
      boolean fits, String section, String key, boolean isEmpty, Signal signal) {
    if (fits || isEmpty) return;
    throw new Invalid(
        section + "." + key,
        section + "." + key + " is not for " + signal.key() + " (expected: left out)");
  }
}
