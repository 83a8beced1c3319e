package io.raybridge.processors.tailsampling;

import com.google.re2j.Pattern;
import io.raybridge.api.Clock;
import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Makes judges of policies, and the table of the attributes that these look at. */
final class Judges {
  private final Clock clock;
  private final Set<String> keys = new LinkedHashSet<>();

  Judges(Clock clock) {
    this.clock = clock;
  }

  /** All attributes that the judges made so far look at. */
  KeyTable keys() {
    return KeyTable.of(List.copyOf(keys));
  }

  Judge of(Policy policy) {
    return switch (policy.type()) {
      case ALWAYS_SAMPLE -> _ -> Judge.Judgement.SAMPLED;
      case LATENCY -> new Took(get(policy.latency()));
      case NUMERIC_ATTRIBUTE -> number(get(policy.numericAttribute()));
      case PROBABILISTIC -> new HashedId(get(policy.probabilistic()));
      case STATUS_CODE -> status(get(policy.statusCode()));
      case STRING_ATTRIBUTE -> text(get(policy.stringAttribute()));
      case BOOLEAN_ATTRIBUTE -> truth(get(policy.booleanAttribute()));
      case RATE_LIMITING -> Limits.spans(get(policy.rateLimiting()), clock);
      case BYTES_LIMITING -> Limits.bytes(get(policy.bytesLimiting()), clock);
      case SPAN_COUNT -> count(get(policy.spanCount()));
      case TRACE_STATE -> state(get(policy.traceState()));
      case TRACE_FLAGS -> new AnySpan(walk -> (walk.span().flags() & 1) != 0, false);
      case AND -> Joined.and(all(get(policy.and()).andSubPolicy()));
      case NOT -> Joined.not(of(get(get(policy.not()).notSubPolicy())));
      case DROP -> Joined.drop(all(get(policy.drop()).dropSubPolicy()));
      case COMPOSITE -> composite(get(policy.composite()));
      case OTTL_CONDITION -> conditions(get(policy.ottlCondition()));
    };
  }

  /** That the block of the type is there was checked with the configuration. */
  private static <T> T get(Optional<T> block) {
    return block.orElseThrow();
  }

  private List<Judge> all(List<Policy> policies) {
    return policies.stream().map(this::of).toList();
  }

  private interface Test {
    boolean matches(AttributesView in, int index);
  }

  private int id(String key) {
    keys.add(key);
    return new ArrayList<>(keys).indexOf(key) + 1;
  }

  private Judge conditions(Policy.OttlCondition config) {
    var ofSpan = config.span().stream().map(text -> condition(text, false)).toList();
    var ofEvent = config.spanevent().stream().map(text -> condition(text, true)).toList();
    return new Conditions(ofSpan, ofEvent, this::keys);
  }

  private Predicate<Ottl.Spot> condition(String text, boolean ofEvent) {
    try {
      return Ottl.read(text, ofEvent, this::id);
    } catch (OttlException e) {
      // It could be read when the configuration was checked.
      throw new IllegalStateException(text, e);
    }
  }

  /** A span matches by its own attribute or by its resource's. */
  private Judge attribute(String key, Test test, boolean inverted) {
    int id = id(key);
    Predicate<SpanWalk> either =
        walk -> matches(walk.resource(), id, test) || matches(walk.span().attributes(), id, test);
    return new AnySpan(either, inverted);
  }

  private static boolean matches(AttributesView in, int id, Test test) {
    int index = in.indexOf(id);
    return index >= 0 && test.matches(in, index);
  }

  private Judge number(Policy.NumericAttribute config) {
    return attribute(
        config.key(),
        (in, index) ->
            switch (in.type(index)) {
              case AnyValueView.INT ->
                  in.number(index) >= config.minValue() && in.number(index) <= config.maxValue();
              case AnyValueView.DOUBLE -> {
                double value = Double.longBitsToDouble(in.number(index));
                yield value >= config.minValue() && value <= config.maxValue();
              }
              default -> false;
            },
        config.invertMatch());
  }

  private Judge truth(Policy.BooleanAttribute config) {
    return attribute(
        config.key(),
        (in, index) ->
            in.type(index) == AnyValueView.BOOL && (in.number(index) != 0) == config.value(),
        config.invertMatch());
  }

  private Judge text(Policy.StringAttribute config) {
    var exact = Set.copyOf(config.values());
    var patterns =
        config.enabledRegexMatching()
            ? config.values().stream().map(Pattern::compile).toList()
            : List.<Pattern>of();
    return attribute(
        config.key(),
        (in, index) -> {
          if (in.type(index) != AnyValueView.STRING) return false;
          var text = text(in.bytes(), in.offset(index), in.length(index));
          if (!config.enabledRegexMatching()) return exact.contains(text);
          return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
        },
        config.invertMatch());
  }

  private static Judge status(Policy.StatusCode config) {
    boolean[] wanted = {
      config.statusCodes().contains("UNSET"),
      config.statusCodes().contains("OK"),
      config.statusCodes().contains("ERROR")
    };
    return new AnySpan(
        walk -> {
          int status = walk.span().status();
          return status >= 0 && status < wanted.length && wanted[status];
        },
        false);
  }

  private static Judge count(Policy.SpanCount config) {
    return trace ->
        Judge.of(
            trace.spans() >= config.minSpans()
                && (config.maxSpans() == 0 || trace.spans() <= config.maxSpans()));
  }

  private static Judge state(Policy.TraceStateValue config) {
    var values = Set.copyOf(config.values());
    return new AnySpan(
        walk -> {
          var span = walk.span();
          var state = text(span.bytes(), span.stateOffset(), span.stateLength());
          for (var member : state.split(",", -1)) {
            var parts = member.strip().split("=", 2);
            if (parts.length == 2 && parts[0].equals(config.key()))
              return values.contains(parts[1]);
          }
          return false;
        },
        false);
  }

  private Judge composite(Policy.Composite config) {
    var parts = new ArrayList<Shared.Part>();
    for (var name : config.order()) {
      long share = config.maxTotalSpansPerSecond() / config.compositeSubPolicy().size();
      for (var allocation : config.rateAllocation()) {
        if (allocation.policy().equals(name) && allocation.percent() > 0) {
          share = config.maxTotalSpansPerSecond() * allocation.percent() / 100;
        }
      }
      for (var policy : config.compositeSubPolicy()) {
        if (policy.name().equals(name)) parts.add(new Shared.Part(of(policy), share));
      }
    }
    return new Shared(parts, config.maxTotalSpansPerSecond(), clock);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
