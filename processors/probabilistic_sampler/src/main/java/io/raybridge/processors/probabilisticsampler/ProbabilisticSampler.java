package io.raybridge.processors.probabilisticsampler;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.data.Attributes;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Logs;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import io.raybridge.data.ValueText;
import io.raybridge.processors.probabilisticsampler.ProbabilisticSamplerConfig.AttributeSource;
import io.raybridge.sampling.Threshold;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a part of spans or log records, always the same for the same trace. What it does not keep
 * was meant to go and is no loss: the answer is accepted, or the next one's.
 */
final class ProbabilisticSampler implements Processor {
  private static final String PRIORITY = "sampling.priority";

  private final ProbabilisticSamplerConfig config;
  private final Context context;

  ProbabilisticSampler(ProbabilisticSamplerConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    return batch -> {
      sample(batch);
      return batch.resourceSpans().isEmpty() ? Outcome.ACCEPTED : next.consume(batch);
    };
  }

  @Override
  public Consumer<Logs> logs(Consumer<Logs> next) {
    return batch -> {
      sample(batch);
      return batch.resourceLogs().isEmpty() ? Outcome.ACCEPTED : next.consume(batch);
    };
  }

  private void sample(Traces batch) {
    var tally = new Tally();
    var sampler = new Sampler(config, tally);
    for (var resource : batch.resourceSpans()) {
      for (var scope : resource.scopeSpans()) {
        var _ = scope.spans().removeIf(span -> !keeps(sampler, span));
      }
      var _ = resource.scopeSpans().removeIf(scope -> scope.spans().isEmpty());
    }
    var _ = batch.resourceSpans().removeIf(resource -> resource.scopeSpans().isEmpty());
    tally.addTo(
        context.telemetry(),
        "otelcol_processor_probabilistic_sampler_count_traces_sampled",
        "Count of spans that were sampled or not",
        "");
  }

  private void sample(Logs batch) {
    var tally = new Tally();
    var sampler = new Sampler(config, tally);
    for (var resource : batch.resourceLogs()) {
      for (var scope : resource.scopeLogs()) {
        var _ = scope.logRecords().removeIf(log -> !keeps(sampler, log));
      }
      var _ = resource.scopeLogs().removeIf(scope -> scope.logRecords().isEmpty());
    }
    var _ = batch.resourceLogs().removeIf(resource -> resource.scopeLogs().isEmpty());
    tally.addTo(
        context.telemetry(),
        "otelcol_processor_probabilistic_sampler_count_logs_sampled",
        "Count of logs that were sampled or not",
        config.fromAttribute());
  }

  private static boolean keeps(Sampler sampler, Span span) {
    return sampler.keeps(
        span.traceIdHi(), span.traceIdLo(), SpanCarrier.of(span), null, priority(span));
  }

  private boolean keeps(Sampler sampler, LogRecord log) {
    boolean byTrace =
        config.mode() != ProbabilisticSamplerConfig.Mode.HASH_SEED
            || config.attributeSource() == AttributeSource.TRACE_ID;
    return sampler.keeps(
        byTrace ? log.traceIdHi() : 0,
        byTrace ? log.traceIdLo() : 0,
        LogAttributes.of(log.attributes()),
        bytes(log.attributes()),
        priority(log));
  }

  /** The attribute sampling.priority, by OpenTracing's rules: 0 is never, more is always. */
  private static long priority(Span span) {
    var value = span.attributes().get(PRIORITY);
    if (value == null) return Sampler.NO_PRIORITY;
    double number =
        value.known() instanceof Value.Str(var text) ? parse(text) : number(value.known());
    if (number == 0) return Threshold.NEVER;
    return number > 0 ? Threshold.ALWAYS : Sampler.NO_PRIORITY;
  }

  /** The configured attribute as a percentage; 0 is never. */
  private long priority(LogRecord log) {
    if (config.samplingPriority().isEmpty()) return Sampler.NO_PRIORITY;
    var value = log.attributes().get(config.samplingPriority());
    double percentage = value == null ? Double.NaN : number(value.known());
    if (Double.isNaN(percentage) || percentage < 0) return Sampler.NO_PRIORITY;
    return Threshold.of(percentage / 100, config.samplingPrecision());
  }

  private static double number(Value value) {
    return switch (value) {
      case Value.Int(var number) -> number;
      case Value.Dbl(var number) -> number;
      default -> Double.NaN;
    };
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private byte @Nullable [] bytes(Attributes attributes) {
    var value = config.fromAttribute().isEmpty() ? null : attributes.get(config.fromAttribute());
    if (value == null) return null;
    return value.known() instanceof Value.Bytes bytes
        ? bytes.value()
        : ValueText.of(value).getBytes(StandardCharsets.UTF_8);
  }
}
