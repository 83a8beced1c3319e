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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Real components that do next to nothing, for building graphs of them. */
final class Parts {
  final List<String> events = new CopyOnWriteArrayList<>();
  final Map<String, Runnable> whenStopping = new ConcurrentHashMap<>();
  final Map<String, Runnable> whenConsuming = new ConcurrentHashMap<>();
  final Map<String, Outputs> inputs = new TreeMap<>();
  final Map<String, RecordingConsumer<Traces>> ends = new ConcurrentHashMap<>();
  final Map<String, BatchRequest> requests = new TreeMap<>();
  final Map<String, Context> contexts = new TreeMap<>();
  final List<String> broken = new ArrayList<>();
  final Set<Integer> ports = ConcurrentHashMap.newKeySet();

  /** A component's configuration. */
  record Config(
      @Key(doc = "Has a queue, or asks for batches.", def = "false") boolean batches,
      @Key(doc = "Throws on every batch.", def = "false") boolean buggy,
      @Key(doc = "Cannot be made.", def = "false") boolean unmakeable,
      @Key(doc = "Makes no difference but to be another.", def = "1") int version,
      @Key(doc = "Cannot start while another holds it; 0 is none.", def = "0") int port,
      @Key(doc = "Must not run beside another of its id.", def = "false") boolean exclusive,
      @Key(doc = "Hands on what it has only when it stops.", def = "false") boolean keeps,
      @Key(doc = "An extension it asks for.") Optional<String> uses) {}

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

  private void event(String what) {
    synchronized (events) {
      events.add(what);
      events.notifyAll();
    }
  }

  /** Waits for an event. */
  void await(String what) throws InterruptedException {
    synchronized (events) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!events.contains(what)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) throw new AssertionError("no \"" + what + "\" in " + events);
        events.wait(left);
      }
    }
  }

  /** What all of them do. */
  private final class Life {
    private final String id;
    private final Config config;
    private boolean started;
    private boolean holds;

    Life(Context context, Config config) {
      this.id = context.id().toString();
      this.config = config;
      config.uses().ifPresent(name -> context.host().extension(name, Extension.class));
    }

    void start() {
      if (broken.contains(id)) throw new IllegalStateException("port 1 is in use");
      if (config.port() != 0 && !ports.add(config.port())) {
        throw new IllegalStateException("port " + config.port() + " is in use");
      }
      holds = config.port() != 0;
      started = true;
      event("start " + id);
    }

    void stop() {
      if (!started) return;
      started = false;
      whenStopping.getOrDefault(id, () -> {}).run();
      if (holds) ports.remove(config.port());
      holds = false;
      event("stop " + id);
    }
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
      var life = new Life(context, config);
      inputs.put(id, outputs);
      contexts.put(id, context);
      return new Receiver() {
        @Override
        public void start() {
          life.start();
        }

        @Override
        public void stop(Deadline deadline) {
          life.stop();
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
      var life = new Life(context, config);
      return new Processor() {
        private final List<Traces> kept = new CopyOnWriteArrayList<>();
        private Consumer<Traces> out = _ -> Outcome.ACCEPTED;

        @Override
        public void start() {
          life.start();
        }

        @Override
        public void stop(Deadline deadline) {
          for (var batch : kept) assertAccepted(out.consume(batch));
          kept.clear();
          life.stop();
        }

        @Override
        public Consumer<Traces> traces(Consumer<Traces> next) {
          out = next;
          return batch -> {
            if (config.keeps()) {
              kept.add(batch);
              return Outcome.ACCEPTED;
            }
            if (config.buggy()) throw new IllegalStateException("a bug");
            batch.forEachSpan(span -> span.name(span.name() + "/" + id));
            return next.consume(batch);
          };
        }

        @Override
        public Optional<BatchRequest> batching() {
          return config.batches()
              ? Optional.of(new BatchRequest(100, 0, Duration.ofSeconds(config.version())))
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
      var life = new Life(context, config);
      context.telemetry().gauge("version", "1", "", config::version);
      contexts.put(id, context);
      return new Exporter() {
        private boolean asked;
        private @Nullable BatchRequest wanted;

        private void batch(BatchRequest request) {
          if (wanted != null) throw new AssertionError("asked to batch twice: " + request);
          wanted = request;
          requests.put(id, request);
        }

        @Override
        public void start() {
          life.start();
        }

        @Override
        public void stop(Deadline deadline) {
          life.stop();
        }

        @Override
        public boolean exclusive() {
          return config.exclusive();
        }

        @Override
        public Consumer<Traces> traces() {
          if (asked) throw new AssertionError("asked for its consumer twice");
          asked = true;
          return batch -> {
            whenConsuming.getOrDefault(id, () -> {}).run();
            return end(id).consume(batch);
          };
        }

        @Override
        public Consumer<Metrics> metrics() {
          return _ -> Outcome.ACCEPTED;
        }

        @Override
        public Optional<Batching> batching(Signal signal) {
          return config.batches() ? Optional.of(this::batch) : Optional.empty();
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
      var life = new Life(context, config);
      return new Connector() {
        @Override
        public void start() {
          life.start();
        }

        @Override
        public void stop(Deadline deadline) {
          life.stop();
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
      var life = new Life(context, config);
      return new Extension() {
        @Override
        public void start() {
          life.start();
        }

        @Override
        public void ready() {
          event("ready");
        }

        @Override
        public void notReady() {
          event("not ready");
        }

        @Override
        public void stop(Deadline deadline) {
          life.stop();
        }
      };
    }
  }

  private static void assertAccepted(Outcome outcome) {
    if (!(outcome instanceof Outcome.Accepted)) throw new AssertionError(outcome);
  }
}
