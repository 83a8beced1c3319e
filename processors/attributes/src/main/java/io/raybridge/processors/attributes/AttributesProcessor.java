package io.raybridge.processors.attributes;

import io.raybridge.api.Consumer;
import io.raybridge.api.Processor;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.ExponentialHistogram;
import io.raybridge.data.Gauge;
import io.raybridge.data.Histogram;
import io.raybridge.data.Logs;
import io.raybridge.data.Metric;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.Traces;
import org.jspecify.annotations.Nullable;

/**
 * Changes the attributes of what was chosen, in place: a batch is ours until we hand it on. It
 * refuses nothing, so its answer is the next one's.
 */
final class AttributesProcessor implements Processor {
  private final AttributesProcessorConfig config;
  private final Actions actions;
  private final @Nullable Conditions include;
  private final @Nullable Conditions exclude;

  AttributesProcessor(AttributesProcessorConfig config) {
    this.config = config;
    actions = new Actions(config.actions());
    include = config.include().map(Conditions::new).orElse(null);
    exclude = config.exclude().map(Conditions::new).orElse(null);
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    checkConditions(Signal.TRACES);
    return batch -> {
      change(batch);
      return next.consume(batch);
    };
  }

  @Override
  public Consumer<Metrics> metrics(Consumer<Metrics> next) {
    checkConditions(Signal.METRICS);
    return batch -> {
      change(batch);
      return next.consume(batch);
    };
  }

  @Override
  public Consumer<Logs> logs(Consumer<Logs> next) {
    checkConditions(Signal.LOGS);
    return batch -> {
      change(batch);
      return next.consume(batch);
    };
  }

  // Only here is known which signal the conditions are for.
  private void checkConditions(Signal signal) {
    config.include().ifPresent(conditions -> conditions.checkFor(signal, "include"));
    config.exclude().ifPresent(conditions -> conditions.checkFor(signal, "exclude"));
  }

  private void change(Traces batch) {
    for (var resource : batch.resourceSpans()) {
      for (var scope : resource.scopeSpans()) {
        for (var span : scope.spans()) {
          if (include != null && !include.matches(span, resource.resource(), scope.scope()))
            continue;
          if (exclude != null && exclude.matches(span, resource.resource(), scope.scope()))
            continue;
          actions.apply(span.attributes(), batch.client());
        }
      }
    }
  }

  private void change(Logs batch) {
    for (var resource : batch.resourceLogs()) {
      for (var scope : resource.scopeLogs()) {
        for (var log : scope.logRecords()) {
          if (include != null && !include.matches(log, resource.resource(), scope.scope()))
            continue;
          if (exclude != null && exclude.matches(log, resource.resource(), scope.scope())) continue;
          actions.apply(log.attributes(), batch.client());
        }
      }
    }
  }

  private void change(Metrics batch) {
    for (var resource : batch.resourceMetrics()) {
      for (var scope : resource.scopeMetrics()) {
        for (var metric : scope.metrics()) {
          if (include != null && !include.matches(metric, resource.resource())) continue;
          if (exclude != null && exclude.matches(metric, resource.resource())) continue;
          changePoints(metric, batch.client());
        }
      }
    }
  }

  private void changePoints(Metric metric, @Nullable ClientMetadata client) {
    switch (metric.data()) {
      case Gauge gauge ->
          gauge.points().forEach(point -> actions.apply(point.attributes(), client));
      case Sum sum -> sum.points().forEach(point -> actions.apply(point.attributes(), client));
      case Histogram histogram ->
          histogram.points().forEach(point -> actions.apply(point.attributes(), client));
      case ExponentialHistogram histogram ->
          histogram.points().forEach(point -> actions.apply(point.attributes(), client));
      case Summary summary ->
          summary.points().forEach(point -> actions.apply(point.attributes(), client));
      case null -> {}
    }
  }
}
