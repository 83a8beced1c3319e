package io.raybridge.engine;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Batching;
import io.raybridge.api.ComponentFactory;
import io.raybridge.api.Connector;
import io.raybridge.api.ConnectorFactory;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Key;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.Configuration;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.testkit.RecordingConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Real components that do next to nothing, for building graphs of them. */
final class Parts {
  final List<String> events = new CopyOnWriteArrayList<>();
  final Map<String, Outputs> inputs = new TreeMap<>();
  final Map<String, RecordingConsumer<Traces>> ends = new TreeMap<>();
  final Map<String, BatchRequest> requests = new TreeMap<>();
  final Map<String, Context> contexts = new TreeMap<>();
  final List<String> broken = new ArrayList<>();

  /** A component's configuration. */
  record Config(
      @Key(doc = "Has a queue, or asks for batches.", def = "false") boolean batches,
      @Key(doc = "Throws on every batch.", def = "false") boolean buggy,
      @Key(doc = "Cannot be made.", def = "false") boolean unmakeable) {}

  /** Loads a configuration of receivers, processors, exporters, connectors and extensions. */
  CollectorConfig load(String yaml) {
    List<ComponentFactory<?>> factories =
        List.of(new In(), new Through(), new Out(), new Bridge(), new Aside());
    var loaded = Configuration.load(List.of("yaml:" + yaml), List.of(), Map.of(), factories);
    return loaded.config().orElseThrow(() -> new AssertionError(loaded.problems()));
  }

  RecordingConsumer<Traces> end(String id) {
    return ends.computeIfAbsent(id, _ -> new RecordingConsumer<>());
  }

  Consumer<Traces> traces(String receiver) {
    return Optional.ofNullable(inputs.get(receiver)).flatMap(Outputs::traces).orElseThrow();
  }

  private void started(String id) {
    if (broken.contains(id)) throw new IllegalStateException("port 1 is in use");
    events.add("start " + id);
  }

  private static Descriptor<Config> descriptor(String type, Signal... signals) {
    return new Descriptor<>(
        type, List.of(), Config.class, Set.of(signals), Stability.STABLE, false);
  }

  private final class In implements ReceiverFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Parts.descriptor("in", Signal.values());
    }

    @Override
    public Receiver create(Config config, Outputs outputs, Context context) {
      var id = context.id().toString();
      inputs.put(id, outputs);
      contexts.put(id, context);
      return new Receiver() {
        @Override
        public void start() {
          started(id);
        }

        @Override
        public void stop(Deadline deadline) {
          events.add("stop " + id);
        }
      };
    }
  }

  private final class Through implements ProcessorFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Parts.descriptor("through", Signal.TRACES);
    }

    @Override
    public Processor create(Config config, Context context) {
      var id = context.id().toString();
      return new Processor() {
        @Override
        public void start() {
          started(id);
        }

        @Override
        public void stop(Deadline deadline) {
          events.add("stop " + id);
        }

        @Override
        public Consumer<Traces> traces(Consumer<Traces> next) {
          return batch -> {
            if (config.buggy()) throw new IllegalStateException("a bug");
            batch.forEachSpan(span -> span.name(span.name() + "/" + id));
            return next.consume(batch);
          };
        }

        @Override
        public Optional<BatchRequest> batching() {
          return config.batches()
              ? Optional.of(new BatchRequest(100, 0, Duration.ofSeconds(1)))
              : Optional.empty();
        }
      };
    }
  }

  private final class Out implements ExporterFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Parts.descriptor("out", Signal.TRACES, Signal.METRICS);
    }

    @Override
    public Exporter create(Config config, Context context) {
      if (config.unmakeable()) throw new IllegalStateException("no region");
      var id = context.id().toString();
      contexts.put(id, context);
      return new Exporter() {
        private boolean asked;

        @Override
        public void start() {
          started(id);
        }

        @Override
        public void stop(Deadline deadline) {
          events.add("stop " + id);
        }

        @Override
        public Consumer<Traces> traces() {
          if (asked) throw new AssertionError("asked for its consumer twice");
          asked = true;
          return end(id);
        }

        @Override
        public Consumer<Metrics> metrics() {
          return _ -> Outcome.ACCEPTED;
        }

        @Override
        public Optional<Batching> batching(Signal signal) {
          return config.batches()
              ? Optional.of(request -> requests.merge(id, request, Parts::twice))
              : Optional.empty();
        }
      };
    }
  }

  private final class Bridge implements ConnectorFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Parts.descriptor("bridge", Signal.TRACES, Signal.LOGS);
    }

    @Override
    public Connector create(Config config, Outputs outputs, Context context) {
      var id = context.id().toString();
      return new Connector() {
        @Override
        public void start() {
          started(id);
        }

        @Override
        public void stop(Deadline deadline) {
          events.add("stop " + id);
        }

        @Override
        public Consumer<Traces> traces() {
          return outputs.traces().orElseThrow();
        }

        @Override
        public Consumer<Logs> logs() {
          return _ -> Outcome.ACCEPTED;
        }
      };
    }
  }

  private final class Aside implements ExtensionFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Parts.descriptor("aside");
    }

    @Override
    public Extension create(Config config, Context context) {
      var id = context.id().toString();
      return new Extension() {
        @Override
        public void start() {
          started(id);
        }

        @Override
        public void ready() {
          events.add("ready");
        }

        @Override
        public void notReady() {
          events.add("not ready");
        }

        @Override
        public void stop(Deadline deadline) {
          events.add("stop " + id);
        }
      };
    }
  }

  private static BatchRequest twice(BatchRequest first, BatchRequest second) {
    throw new AssertionError("asked to batch twice: " + first + " and " + second);
  }
}
