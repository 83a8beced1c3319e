package io.raybridge.processors.xraysampling;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Storage;
import io.raybridge.sampling.RulesConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Keys of the {@code xray_sampling} processor. */
public record XraySamplingConfig(
    @Key(doc = "Where sampling rules come from.") RulesConfig rules,
    @Key(doc = "What is always kept, whatever the rules say. Asked of every span, in this order.")
        List<Keep> keep,
    @Key(
            doc =
                "Requests that are always dropped: `health_checks`, or patterns of their path such"
                    + " as `/internal/*`.")
        List<String> drop,
    @Key(name = "default", doc = "The rule for requests that no other matches.") Default otherwise,
    @Key(
            doc =
                "Adaptive sampling as ADOT's SDKs have it: what an anomaly is, and how many anomalous"
                    + " traces are captured that no rule sampled. Without the key, what the"
                    + " environment variable `AWS_XRAY_ADAPTIVE_SAMPLING_CONFIG` says.")
        Optional<AdaptiveConfig> adaptive,
    @Key(
            doc =
                "What decides of a trace: `local_root`, the first span of a service, as soon as it"
                    + " comes; `root`, only the span without parent, the other after"
                    + " `decision_wait`; `wait`, all that has come after `decision_wait`.",
            def = "local_root")
        DecideOn decideOn,
    @Key(
            doc = "How long spans wait for what decides of their trace, from the first of them.",
            def = "10s")
        Duration decisionWait,
    @Key(
            doc =
                "What becomes of a trace whose root did not come in time: `rules` asks the rules"
                    + " about its earliest span, `keep` keeps it, `drop` drops it.",
            def = "rules")
        WithoutRoot withoutRoot,
    @Key(
            doc =
                "The most MiB that waiting spans take. When it is reached the oldest traces are"
                    + " decided early.",
            def = "64",
            min = 1,
            max = 65_536)
        int maxHeldMib,
    @Key(
            doc =
                "How long the decision of a trace is remembered for spans that come later, at"
                    + " least.",
            def = "5m")
        Duration decisionTtl,
    @Key(
            doc = "The most MiB that remembered decisions take; a million take 32 to 64.",
            def = "32",
            min = 1,
            max = 4096)
        int decisionCacheMib,
    @Key(
            doc =
                "The most traces to record in a calendar month (UTC). As it is spent, the rates of"
                    + " rules marked `elastic` are lowered; reservoirs and `keep` are not.",
            min = 1)
        Optional<Long> maxTracesPerMonth,
    @Key(
            doc =
                "Extension that keeps waiting spans and decisions on disk too, such as `file_storage`, so that"
                    + " they survive the end of the process.",
            extension = Storage.class)
        Optional<String> storage) {

  /** The same with another {@code adaptive}. */
  XraySamplingConfig with(AdaptiveConfig other) {
    return new XraySamplingConfig(
        rules,
        keep,
        drop,
        otherwise,
        Optional.of(other),
        decideOn,
        decisionWait,
        withoutRoot,
        maxHeldMib,
        decisionTtl,
        decisionCacheMib,
        maxTracesPerMonth,
        storage);
  }

  /** What decides of a trace. */
  public enum DecideOn {
    LOCAL_ROOT,
    ROOT,
    WAIT
  }

  /** What becomes of traces without root. */
  public enum WithoutRoot {
    RULES,
    KEEP,
    DROP
  }

  /** The rule for what no other matches. */
  public record Default(
      @Key(
              doc = "How many requests a second to sample before the rate applies.",
              def = "1",
              min = 0,
              max = 1_000_000)
          int reservoir,
      @Key(doc = "The part to sample of the others, 0 to 1.", def = "0.05") double rate,
      @Key(doc = "Whether `max_traces_per_month` may lower the rate.", def = "true")
          boolean elastic) {

    public Default {
      if (!(rate >= 0 && rate <= 1)) throw new Invalid("rate", rate + " (expected: 0 to 1)");
    }
  }

  /** One thing that is always kept. */
  public record Keep(
      @Key(doc = "A name for metrics; without one it is made of the condition.")
          Optional<String> name,
      @Key(
              doc =
                  "Keeps traces with a fault: an HTTP status of 500 and above or, without one, a"
                      + " span status of error.",
              def = "false")
          boolean faults,
      @Key(
              doc = "Keeps traces with an error as X-Ray has it: an HTTP status of 400 to 499.",
              def = "false")
          boolean errors,
      @Key(doc = "Keeps traces with a request, a service's first span, that took longer.")
          Optional<Duration> slowerThan,
      @Key(
              doc =
                  "Keeps traces with a span or resource whose attribute of this name matches `value`.")
          Optional<String> attribute,
      @Key(doc = "A pattern with `*` and `?` for the attribute's value.", def = "*") String value,
      @Key(
              doc =
                  "The most traces a second to keep for this; what is beyond follows the rules. 0 is"
                      + " no limit.",
              def = "100",
              min = 0,
              max = 1_000_000)
          int perSecond) {

    public Keep {
      if (!faults && !errors && slowerThan.isEmpty() && attribute.isEmpty()) {
        throw new Invalid(
            "faults", "nothing to keep (expected: one of faults, errors, slower_than, attribute)");
      }
      if (((faults || errors) ? 1 : 0)
              + (slowerThan.isPresent() ? 1 : 0)
              + (attribute.isPresent() ? 1 : 0)
          > 1) {
        throw new Invalid(
            "faults",
            "several conditions (expected: one of faults and errors, slower_than, attribute; each"
                + " in an entry of its own)");
      }
      if (attribute.isEmpty() && !value.equals("*")) {
        throw new Invalid("value", value + " without attribute (expected: both)");
      }
    }

    String label() {
      if (name.isPresent()) return name.get();
      if (slowerThan.isPresent()) return "slower";
      if (attribute.isPresent()) return attribute.get();
      return faults ? (errors ? "faults_and_errors" : "faults") : "errors";
    }
  }

  public XraySamplingConfig {
    keep = List.copyOf(keep);
    drop = List.copyOf(drop);
    if (keep.size() > 32) {
      throw new Invalid("keep", keep.size() + " entries (expected: at most 32)");
    }
    var labels = new HashSet<String>();
    for (var each : keep) {
      if (!labels.add(each.label())) {
        throw new Invalid(
            "keep",
            "two entries named \"" + each.label() + "\" (expected: a name for one of them)");
      }
    }
    for (var each : drop) {
      if (!each.equals("health_checks") && !each.startsWith("/") && !each.startsWith("*")) {
        throw new Invalid(
            "drop", "\"" + each + "\" (expected: health_checks, or a path such as /internal/*)");
      }
    }
    if (decideOn == DecideOn.WAIT && decisionWait.isZero()) {
      throw new Invalid("decision_wait", "0s (expected: more, since decide_on is wait)");
    }
    if (decisionTtl.compareTo(decisionWait) < 0) {
      throw new Invalid(
          "decision_ttl", decisionTtl.toSeconds() + "s (expected: at least decision_wait)");
    }
  }
}
