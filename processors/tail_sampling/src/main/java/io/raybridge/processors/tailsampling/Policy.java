package io.raybridge.processors.tailsampling;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A policy's keys: its name, its type, and a block named after the type. */
public record Policy(
    @Key(doc = "The name, in metrics.") String name,
    @Key(doc = "What the policy looks at.") Type type,
    @Key(doc = "`latency`: by the time from the first start to the last end.")
        Optional<Latency> latency,
    @Key(doc = "`numeric_attribute`: by a number of a span or its resource.")
        Optional<NumericAttribute> numericAttribute,
    @Key(doc = "`probabilistic`: a part of the trace ids.") Optional<Probabilistic> probabilistic,
    @Key(doc = "`status_code`: by the status of a span.") Optional<StatusCode> statusCode,
    @Key(doc = "`string_attribute`: by a text of a span or its resource.")
        Optional<StringAttribute> stringAttribute,
    @Key(doc = "`boolean_attribute`: by a truth value of a span or its resource.")
        Optional<BooleanAttribute> booleanAttribute,
    @Key(doc = "`rate_limiting`: so many spans a second.") Optional<RateLimiting> rateLimiting,
    @Key(doc = "`bytes_limiting`: so many bytes a second.") Optional<BytesLimiting> bytesLimiting,
    @Key(doc = "`span_count`: by the number of spans.") Optional<SpanCount> spanCount,
    @Key(doc = "`trace_state`: by a member of the tracestate.")
        Optional<TraceStateValue> traceState,
    @Key(doc = "`and`: when all of these sample.") Optional<And> and,
    @Key(doc = "`not`: when this one does not sample.") Optional<Not> not,
    @Key(doc = "`drop`: drops when all of these sample, whatever other policies say.")
        Optional<Drop> drop,
    @Key(doc = "`composite`: the first of these that samples, each within its share of a rate.")
        Optional<Composite> composite,
    @Key(doc = "`ottl_condition`: by conditions over a span or its events.")
        Optional<OttlCondition> ottlCondition) {

  /** What policies look at. */
  public enum Type {
    ALWAYS_SAMPLE,
    LATENCY,
    NUMERIC_ATTRIBUTE,
    PROBABILISTIC,
    STATUS_CODE,
    STRING_ATTRIBUTE,
    BOOLEAN_ATTRIBUTE,
    RATE_LIMITING,
    BYTES_LIMITING,
    SPAN_COUNT,
    TRACE_STATE,
    TRACE_FLAGS,
    AND,
    NOT,
    DROP,
    COMPOSITE,
    OTTL_CONDITION
  }

  /** Keys under {@code latency}. */
  public record Latency(
      @Key(doc = "Milliseconds that it must take more than.", def = "0", min = 0) long thresholdMs,
      @Key(doc = "Milliseconds that it must take at most. 0 is no limit.", def = "0", min = 0)
          long upperThresholdMs) {}

  /** Keys under {@code numeric_attribute}. */
  public record NumericAttribute(
      @Key(doc = "The attribute's name.") String key,
      @Key(doc = "The smallest value that matches.", def = "-9223372036854775808") long minValue,
      @Key(doc = "The largest value that matches.", def = "9223372036854775807") long maxValue,
      @Key(doc = "Samples when no span matches.", def = "false") boolean invertMatch) {}

  /** Keys under {@code probabilistic}. */
  public record Probabilistic(
      @Key(doc = "Part of the hash, to tell tiers of collectors apart.", def = "") String hashSalt,
      @Key(doc = "Percentage of traces.", def = "0") double samplingPercentage) {}

  /** Keys under {@code status_code}. */
  public record StatusCode(@Key(doc = "Any of ERROR, OK and UNSET.") List<String> statusCodes) {
    public StatusCode {
      for (var code : statusCodes) {
        if (!Set.of("ERROR", "OK", "UNSET").contains(code)) {
          throw new Invalid("status_codes", code + " (expected: ERROR, OK or UNSET)");
        }
      }
      if (statusCodes.isEmpty()) {
        throw new Invalid("status_codes", "none (expected: ERROR, OK or UNSET)");
      }
    }
  }

  /** Keys under {@code string_attribute}. */
  public record StringAttribute(
      @Key(doc = "The attribute's name.") String key,
      @Key(doc = "Texts that match, or regular expressions of which a part must.")
          List<String> values,
      @Key(doc = "Whether the values are regular expressions (RE2).", def = "false")
          boolean enabledRegexMatching,
      @Key(
              doc = "Results of regular expressions to remember.",
              def = "0",
              noEffect = "RE2 takes linear time")
          int cacheMaxSize,
      @Key(doc = "Samples when no span matches.", def = "false") boolean invertMatch) {
    public StringAttribute {
      for (var value : enabledRegexMatching ? values : List.<String>of()) {
        try {
          Pattern.compile(value);
        } catch (PatternSyntaxException e) {
          throw new Invalid(
              "values", "\"" + value + "\" is no regular expression: " + e.getMessage());
        }
      }
    }
  }

  /** Keys under {@code boolean_attribute}. */
  public record BooleanAttribute(
      @Key(doc = "The attribute's name.") String key,
      @Key(doc = "The value that matches.", def = "false") boolean value,
      @Key(doc = "Samples when no span matches.", def = "false") boolean invertMatch) {}

  /** Keys under {@code rate_limiting}. */
  public record RateLimiting(
      @Key(doc = "Spans a second.", min = 0) long spansPerSecond,
      @Key(
              doc = "Spans at once, and the most that a trace may have. 0 is twice the rate.",
              def = "0",
              min = 0)
          long burstCapacity) {}

  /** Keys under {@code bytes_limiting}. */
  public record BytesLimiting(
      @Key(doc = "Bytes a second, as the spans came.", min = 1) long bytesPerSecond,
      @Key(
              doc = "Bytes at once, and the most that a trace may have. 0 is twice the rate.",
              def = "0",
              min = 0)
          long burstCapacity) {}

  /** Keys under {@code span_count}. */
  public record SpanCount(
      @Key(doc = "Spans that it must have at least.", def = "0", min = 0) int minSpans,
      @Key(doc = "Spans that it must have at most. 0 is no limit.", def = "0", min = 0)
          int maxSpans) {}

  /** Keys under {@code trace_state}. */
  public record TraceStateValue(
      @Key(doc = "The member's key.") String key,
      @Key(doc = "Values that match.") List<String> values) {}

  /** Keys under {@code and}. */
  public record And(@Key(doc = "Policies.") List<Policy> andSubPolicy) {}

  /** Keys under {@code not}. */
  public record Not(@Key(doc = "A policy.") Optional<Policy> notSubPolicy) {}

  /** Keys under {@code drop}. */
  public record Drop(@Key(doc = "Policies.") List<Policy> dropSubPolicy) {}

  /** Keys under {@code composite}. */
  public record Composite(
      @Key(doc = "Spans a second that all policies together may sample.", min = 0)
          long maxTotalSpansPerSecond,
      @Key(
              doc =
                  "The policies' names in the order in which they are asked. Those that are not"
                      + " named come after the others.")
          List<String> policyOrder,
      @Key(doc = "Policies.") List<Policy> compositeSubPolicy,
      @Key(doc = "Shares of the rate. A policy without one has an equal share.")
          List<RateAllocation> rateAllocation) {
    public Composite {
      var names = compositeSubPolicy.stream().map(Policy::name).toList();
      for (var name : policyOrder) {
        if (!names.contains(name)) {
          throw new Invalid("policy_order", name + " (expected: one of " + names + ")");
        }
      }
    }

    /** All names in the order in which they are asked. */
    Set<String> order() {
      var names = new LinkedHashSet<>(policyOrder);
      for (var policy : compositeSubPolicy) names.add(policy.name());
      return names;
    }
  }

  /** Keys under {@code ottl_condition}. */
  public record OttlCondition(
      @Key(
              doc =
                  "What becomes of errors while a condition is asked: there are none, since what can"
                      + " be wrong is an error of the configuration.",
              def = "propagate")
          ErrorMode errorMode,
      @Key(
              doc =
                  "Conditions over each span, in OTTL: comparisons of attributes[\"k\"],"
                      + " resource.attributes[\"k\"], name, kind, status.code, start_time, end_time"
                      + " and others, joined by and, or and not; IsMatch, IsRootSpan, Duration.")
          List<String> span,
      @Key(doc = "Conditions over each event of each span.") List<String> spanevent) {
    public OttlCondition {
      if (span.isEmpty() && spanevent.isEmpty()) {
        throw new Invalid("span", "no condition (expected: one or more, here or in spanevent)");
      }
      check("span", span, false);
      check("spanevent", spanevent, true);
    }

    private static void check(String key, List<String> conditions, boolean ofEvent) {
      for (int i = 0; i < conditions.size(); i++) {
        try {
          var _ = Ottl.read(conditions.get(i), ofEvent, _ -> 0);
        } catch (OttlException e) {
          throw new Invalid(key + "[" + i + "]", String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /** The Go processor's ways to deal with errors. */
  public enum ErrorMode {
    PROPAGATE,
    IGNORE,
    SILENT
  }

  /** One of {@code rate_allocation}. */
  public record RateAllocation(
      @Key(doc = "The policy's name.") String policy,
      @Key(doc = "Its percentage of the rate.", min = 0, max = 100) long percent) {}

  /**
   * Whether it cannot tell from some spans what it will make of all of them, or counts from trace
   * to trace.
   */
  boolean isStateful() {
    return switch (type) {
      case RATE_LIMITING, BYTES_LIMITING -> true;
      case LATENCY -> latency.orElseThrow().upperThresholdMs() > 0;
      case SPAN_COUNT -> spanCount.orElseThrow().maxSpans() > 0;
      case AND -> anyStateful(and.orElseThrow().andSubPolicy());
      case NOT -> not.orElseThrow().notSubPolicy().orElseThrow().isStateful();
      case DROP -> anyStateful(drop.orElseThrow().dropSubPolicy());
      case COMPOSITE -> anyStateful(composite.orElseThrow().compositeSubPolicy());
      default -> false;
    };
  }

  private static boolean anyStateful(List<Policy> policies) {
    return policies.stream().anyMatch(Policy::isStateful);
  }

  public Policy {
    boolean there =
        switch (type) {
          case ALWAYS_SAMPLE, TRACE_FLAGS -> true;
          case LATENCY -> latency.isPresent();
          case NUMERIC_ATTRIBUTE -> numericAttribute.isPresent();
          case PROBABILISTIC -> probabilistic.isPresent();
          case STATUS_CODE -> statusCode.isPresent();
          case STRING_ATTRIBUTE -> stringAttribute.isPresent();
          case BOOLEAN_ATTRIBUTE -> booleanAttribute.isPresent();
          case RATE_LIMITING -> rateLimiting.isPresent();
          case BYTES_LIMITING -> bytesLimiting.isPresent();
          case SPAN_COUNT -> spanCount.isPresent();
          case TRACE_STATE -> traceState.isPresent();
          case AND -> and.isPresent() && !and.get().andSubPolicy().isEmpty();
          case NOT -> not.isPresent() && not.get().notSubPolicy().isPresent();
          case DROP -> drop.isPresent() && !drop.get().dropSubPolicy().isEmpty();
          case COMPOSITE -> composite.isPresent();
          case OTTL_CONDITION -> ottlCondition.isPresent();
        };
    if (!there) {
      var block = type.name().toLowerCase(Locale.ROOT);
      throw new Invalid(
          "type", block + " without its keys (expected: a block \"" + block + "\" beside it)");
    }
  }
}
