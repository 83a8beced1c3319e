package io.raybridge.config;

import static io.raybridge.data.Signal.LOGS;
import static io.raybridge.data.Signal.METRICS;
import static io.raybridge.data.Signal.TRACES;

import io.raybridge.api.Absent;
import io.raybridge.api.ComponentFactory;
import io.raybridge.api.Connector;
import io.raybridge.api.ConnectorFactory;
import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Outputs;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.api.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Component types to configure in tests, shaped like real ones. */
final class Shop {
  static final List<ComponentFactory<?>> FACTORIES =
      List.of(
          new Receivers<>(
              Descriptor.of("otlp", Otlp.class, Stability.STABLE, TRACES, METRICS, LOGS)),
          new Receivers<>(Descriptor.of("nop", None.class, Stability.BETA, TRACES, METRICS, LOGS)),
          new Processors<>(
              Descriptor.of("batch", Batch.class, Stability.BETA, TRACES, METRICS, LOGS)),
          new Processors<>(
              Descriptor.of(
                  "memory_limiter", Limiter.class, Stability.BETA, TRACES, METRICS, LOGS)),
          new Processors<>(
              Descriptor.of("attributes", Attributes.class, Stability.BETA, TRACES, LOGS)
                  .mutating()),
          new Exporters<>(
              Descriptor.of("debug", None.class, Stability.STABLE, TRACES, METRICS, LOGS)),
          new Exporters<>(Descriptor.of("awsxray", Xray.class, Stability.BETA, TRACES)),
          new Exporters<>(
              Descriptor.of("otlp_http", Client.class, Stability.STABLE, TRACES, METRICS, LOGS)
                  .aliases("otlphttp")),
          new Connectors<>(
              Descriptor.of("forward", None.class, Stability.BETA, TRACES, METRICS, LOGS)),
          new Connectors<>(Descriptor.of("count", None.class, Stability.ALPHA, TRACES, METRICS)),
          new Extensions<>(Descriptor.of("health_check", None.class, Stability.BETA), Set.of()),
          new Extensions<>(
              Descriptor.of("signer", None.class, Stability.BETA), Set.of(Runnable.class)));

  private Shop() {}

  record None() {}

  record Otlp(@Key(doc = "The protocols to serve.") Protocols protocols) {}

  record Protocols(
      @Key(doc = "gRPC.") Optional<Server> grpc, @Key(doc = "HTTP.") Optional<Server> http) {}

  @Absent(keys = "auth", notYet = "guard the port by mTLS")
  record Server(
      @Key(doc = "Where to listen.", def = "localhost:4317") String endpoint,
      @Key(doc = "The largest message.", def = "4", min = 1, max = 2047) int maxRecvMsgSizeMib,
      @Key(doc = "Size of a buffer.", def = "524288", noEffect = "buffers grow as needed")
          long readBufferSize) {}

  record Batch(
      @Key(doc = "The longest wait.", def = "200ms") Duration timeout,
      @Key(doc = "Items in a batch.", def = "8192", min = 0) int sendBatchSize) {}

  record Limiter(
      @Key(doc = "How often to look.", def = "1s") Duration checkInterval,
      @Key(doc = "The most memory.", min = 1) int limitMib,
      @Key(doc = "The most growth between two looks.", def = "0") int spikeLimitMib) {
    Limiter {
      if (spikeLimitMib >= limitMib) {
        throw new Invalid(
            "spike_limit_mib", "%d (expected: < limit_mib, %d)".formatted(spikeLimitMib, limitMib));
      }
    }
  }

  enum Verb {
    INSERT,
    UPDATE,
    UPSERT,
    DELETE
  }

  record Attributes(@Key(doc = "What to do, in order.") List<Action> actions) {
    Attributes {
      if (actions.isEmpty()) {
        throw new Invalid("actions", "empty (expected: at least one action)");
      }
    }
  }

  record Action(
      @Key(doc = "The attribute.") String key,
      @Key(doc = "What to do.") Verb action,
      @Key(doc = "The new value.") Optional<Object> value) {}

  record Xray(
      @Key(doc = "The region.", def = "") String region,
      @Key(doc = "Parallel requests.", def = "8", min = 1) int numWorkers,
      @Key(doc = "Whether to be quiet.", def = "false") boolean localMode,
      @Key(doc = "Who signs.", extension = Runnable.class) Optional<String> signer) {}

  record Client(
      @Key(doc = "Where to send.") String endpoint,
      @Key(doc = "Sent along.") Map<String, Secret> headers,
      @Key(doc = "The key to get in.") Optional<Secret> token,
      @Key(doc = "How long to wait.", def = "30s") Duration timeout,
      @Key(doc = "Share.", def = "1", min = 0, max = 1) double ratio) {}

  record Receivers<C extends Record>(Descriptor<C> descriptor) implements ReceiverFactory<C> {
    @Override
    public Receiver create(C config, Outputs outputs, Context context) {
      return new Receiver() {};
    }
  }

  record Processors<C extends Record>(Descriptor<C> descriptor) implements ProcessorFactory<C> {
    @Override
    public Processor create(C config, Context context) {
      return new Processor() {};
    }
  }

  record Exporters<C extends Record>(Descriptor<C> descriptor) implements ExporterFactory<C> {
    @Override
    public Exporter create(C config, Context context) {
      return new Exporter() {};
    }
  }

  record Connectors<C extends Record>(Descriptor<C> descriptor) implements ConnectorFactory<C> {
    @Override
    public Connector create(C config, Outputs outputs, Context context) {
      return new Connector() {};
    }
  }

  record Extensions<C extends Record>(Descriptor<C> descriptor, Set<Class<?>> offers)
      implements ExtensionFactory<C> {
    @Override
    public Extension create(C config, Context context) {
      return new Extension() {};
    }
  }
}
