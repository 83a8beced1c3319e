package io.raybridge.processors.tailsampling;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;
import io.raybridge.api.Storage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Keys of the {@code tail_sampling} processor, the Go processor's and {@code max_held_mib}. */
@Absent(keys = "num_shards", noEffect = "batches are read by many threads anyway")
public record TailSamplingConfig(
    @Key(doc = "How long a trace waits for its decision, from its first span.", def = "30s")
        Duration decisionWait,
    @Key(
            doc =
                "Decide so long after the span without parent came, if that is earlier. 0s does not"
                    + " look for it.",
            def = "0s")
        Duration decisionWaitAfterRootReceived,
    @Key(doc = "The most traces that wait.", def = "50000", min = 1, max = 100_000_000)
        int numTraces,
    @Key(
            doc = "New traces a second that are expected.",
            def = "0",
            noEffect = "tables grow as they are needed")
        long expectedNewTracesPerSec,
    @Key(doc = "What decides. A trace is kept if one of them samples it and none drops it.")
        List<Policy> policies,
    @Key(doc = "For how many traces decisions are remembered.") DecisionCache decisionCache,
    @Key(doc = "Whether policies behind the first one that samples are not asked.", def = "false")
        boolean sampleOnFirstMatch,
    @Key(
            doc =
                "Whether clients are told to wait when there is no room. If not, the oldest traces"
                    + " are decided before their time.",
            def = "false")
        boolean blockOnOverflow,
    @Key(doc = "Whether traces that wait at a stop are dropped instead of decided.", def = "false")
        boolean dropPendingTracesOnShutdown,
    @Key(
            doc = "Traces with waiting spans of more bytes are dropped at once. 0 is no limit.",
            def = "0",
            min = 0)
        long maximumTraceSizeBytes,
    @Key(
            doc =
                "`trace-complete`: a trace is decided after its wait, by all spans that have come."
                    + " `span-ingest`: as soon as the spans of one batch suffice; if none do, it is"
                    + " not sampled after its wait.",
            def = "trace-complete")
        Strategy samplingStrategy,
    @Key(
            doc = "The most MiB that waiting spans take, beside num_traces.",
            def = "128",
            min = 1,
            max = 65_536)
        int maxHeldMib,
    @Key(
            doc =
                "Extension that keeps waiting spans on disk too, such as `file_storage`, so that"
                    + " they survive the end of the process.",
            extension = Storage.class)
        Optional<String> tailStorage) {

  /** When a trace is decided. */
  public enum Strategy {
    @Named("trace-complete")
    TRACE_COMPLETE,
    @Named("span-ingest")
    SPAN_INGEST
  }

  /** Keys under {@code decision_cache}. */
  public record DecisionCache(
      @Key(
              doc =
                  "Sampled traces to remember. Both sizes are one room here, and never less than"
                      + " num_traces.",
              def = "0",
              min = 0,
              max = 100_000_000)
          int sampledCacheSize,
      @Key(doc = "Other traces to remember.", def = "0", min = 0, max = 100_000_000)
          int nonSampledCacheSize) {}

  public TailSamplingConfig {
    policies = List.copyOf(policies);
    if (policies.isEmpty()) {
      throw new Invalid("policies", "missing required key \"policies\" (expected: one or more)");
    }
    var names = new HashSet<String>();
    for (var policy : policies) {
      if (!names.add(policy.name())) {
        throw new Invalid(
            "policies", "two policies named \"" + policy.name() + "\" (expected: one)");
      }
      if (samplingStrategy == Strategy.SPAN_INGEST && policy.isStateful()) {
        throw new Invalid(
            "sampling_strategy",
            "span-ingest with policy \""
                + policy.name()
                + "\", which needs more than the spans of one batch (expected: no rate_limiting,"
                + " bytes_limiting, upper_threshold_ms or max_spans in policies, or trace-complete)");
      }
    }
  }
}
