package io.raybridge.processors.resource;

import io.raybridge.api.Consumer;
import io.raybridge.api.Processor;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import io.raybridge.processors.attributes.Actions;

/**
 * Changes the attributes of resources in place: a batch is ours until we hand it on. It refuses
 * nothing, so its answer is the next one's.
 */
final class ResourceProcessor implements Processor {
  private final Actions actions;

  ResourceProcessor(ResourceProcessorConfig config) {
    actions = new Actions(config.attributes());
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    return batch -> {
      for (var group : batch.resourceSpans()) {
        actions.apply(group.resource().attributes(), batch.client());
      }
      return next.consume(batch);
    };
  }

  @Override
  public Consumer<Metrics> metrics(Consumer<Metrics> next) {
    return batch -> {
      for (var group : batch.resourceMetrics()) {
        actions.apply(group.resource().attributes(), batch.client());
      }
      return next.consume(batch);
    };
  }

  @Override
  public Consumer<Logs> logs(Consumer<Logs> next) {
    return batch -> {
      for (var group : batch.resourceLogs()) {
        actions.apply(group.resource().attributes(), batch.client());
      }
      return next.consume(batch);
    };
  }
}
