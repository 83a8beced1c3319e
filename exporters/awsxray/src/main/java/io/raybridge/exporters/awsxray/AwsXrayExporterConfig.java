package io.raybridge.exporters.awsxray;

import io.raybridge.api.Inline;
import io.raybridge.api.Key;
import io.raybridge.aws.AwsRetryConfig;
import io.raybridge.aws.AwsSessionConfig;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.delivery.SendingQueueConfig;
import io.raybridge.xray.TraceBudget;
import io.raybridge.xray.TranslationConfig;
import io.raybridge.xray.TranslationConfig.EpochCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code exporters.awsxray}: all of the Go exporter's, and those of the queue. */
public record AwsXrayExporterConfig(
    @Inline AwsSessionConfig session,
    @Key(
            doc =
                "Whether every attribute becomes an annotation, by which X-Ray can be searched, and"
                    + " not metadata.",
            def = "false")
        boolean indexAllAttributes,
    @Key(
            doc =
                "Attributes that become annotations. `*` stands for any characters;"
                    + " `otel.resource.` in front means the resource's attribute.",
            def = "[]")
        List<String> indexedAttributes,
    @Key(
            doc =
                "CloudWatch log groups to link segments with, where their resource names none"
                    + " (`aws.log.group.arns`, `aws.log.group.names`).",
            def = "[]")
        List<String> awsLogGroups,
    @Key(
            doc =
                "What to do with a trace id whose first eight digits are no time of the last 28"
                    + " days: `off` sends it, `warn` counts it, `drop` drops the span. Not a key of"
                    + " the Go exporter.",
            def = "off")
        EpochCheck traceIdEpochCheck,
    @Key(
            name = "map_64_bit_trace_ids",
            doc =
                "Whether trace ids of 64 bits become full ids; the id sent is kept as annotation"
                    + " `otel_trace_id`. Not a key of the Go exporter.",
            def = "false")
        boolean map64BitTraceIds,
    @Key(
            doc = "Whether literals in SQL texts become `?`. Not a key of the Go exporter.",
            def = "true")
        boolean maskSql,
    @Key(
            doc = "Send spans as OTLP inside of segment documents.",
            def = "false",
            notYet = "segments are sent as X-Ray's own documents")
        boolean transitSpansInOtlpFormat,
    @Key(
            doc =
                "Send at most this many segments a second; 0 sends what X-Ray takes. Not a key of"
                    + " the Go exporter.",
            def = "0",
            min = 0)
        long maxSegmentsPerSecond,
    @Key(
            doc =
                "What goes out of a trace that grows larger than X-Ray takes. Not a key of the Go"
                    + " exporter.")
        TraceBudgetConfig traceBudget,
    @Key(doc = "Records about the exporter itself, by PutTelemetryRecords.")
        TelemetryConfig telemetry,
    @Key(doc = "What waits to be sent.") SendingQueueConfig sendingQueue,
    @Key(doc = "How a request that failed is sent again.") AwsRetryConfig retryOnFailure,
    @Key(doc = "What is given up in the end.") DeadLetterConfig deadLetters) {

  /** Keys under {@code trace_budget}. */
  public record TraceBudgetConfig(
      @Key(
              doc =
                  "`send` sends every document and leaves it to X-Ray what it refuses;"
                      + " `keep_failures` keeps the last fifth of the budget for spans that failed"
                      + " or were slow, and drops the others by then, counted as"
                      + " `trace_over_budget`.",
              def = "send")
          Over over,
      @Key(doc = "Documents that X-Ray takes of a trace, in KiB.", def = "500", min = 64)
          int maxKib,
      @Key(doc = "How long a span takes that is slow.", def = "1s") Duration slow,
      @Key(
              doc =
                  "Time after a trace's first span from which on it has no more than"
                      + " `late_max_kib`; 0s is never.",
              def = "0s")
          Duration lateAfter,
      @Key(
              doc =
                  "Documents that X-Ray takes of a trace that goes on for so long, in KiB. X-Ray"
                      + " does not say how much that is.",
              def = "14",
              min = 1)
          int lateMaxKib) {

    /** What a trace that is too large keeps, or nothing where all is sent. */
    Optional<TraceBudget.Choice> choice() {
      return over == Over.SEND
          ? Optional.empty()
          : Optional.of(
              new TraceBudget.Choice(maxKib * 1024L, slow, lateAfter, lateMaxKib * 1024L));
    }
  }

  /** What becomes of a trace that is larger than X-Ray takes. */
  public enum Over {
    SEND,
    KEEP_FAILURES
  }

  /** Keys under {@code telemetry}. */
  public record TelemetryConfig(
      @Key(doc = "Whether counts are sent to X-Ray once a minute.", def = "false") boolean enabled,
      @Key(doc = "Whether host name, instance id and ARN go along.", def = "false")
          boolean includeMetadata,
      @Key(
              doc = "Components that count for these records.",
              def = "[]",
              noEffect = "all spans that reach this exporter are counted")
          List<String> contributors,
      @Key(doc = "Host name to send. Without it AWS_HOSTNAME, else this machine's.")
          Optional<String> hostname,
      @Key(doc = "Instance id to send. Without it AWS_INSTANCE_ID.") Optional<String> instanceId,
      @Key(doc = "ARN to send. Without it the exporter's `resource_arn`.")
          Optional<String> resourceArn) {}

  /** What the keys say about the translation. */
  public TranslationConfig translation() {
    return new TranslationConfig(
        indexAllAttributes,
        indexedAttributes,
        awsLogGroups,
        traceIdEpochCheck,
        map64BitTraceIds,
        maskSql);
  }
}
