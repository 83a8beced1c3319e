package io.raybridge.engine;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Batching;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Connector;
import io.raybridge.api.ConnectorFactory;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.api.Outputs;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.CollectorConfig.Pipeline;
import io.raybridge.config.CollectorConfig.Reference;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.engine.LifeCycle.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the components of a configuration and connects them, downstream first, so that each gets
 * its next consumer when it is made. The order in which they are made is the order in which they
 * start.
 */
final class Graph {
  private final CollectorConfig config;
  private final Function<ComponentId, Context> contexts;
  private final LossLedger ledger;
  private final Map<ComponentId, Extension> extensions;
  private final Map<ComponentId, Exporter> exporters = new LinkedHashMap<>();
  private final Map<ComponentId, Connector> connectors = new HashMap<>();
  private final Map<Pipeline, List<Processor>> processors = new HashMap<>();
  private final Map<Pipeline, Consumer<?>> entries = new HashMap<>();
  private final Map<Into, Consumer<?>> ends = new HashMap<>();
  private final Set<Into> batching = new HashSet<>();
  private final List<Node> order = new ArrayList<>();

  /** The way into an exporter or connector: each is asked for it once. */
  private record Into(ComponentId id, Signal signal) {}

  private Graph(
      CollectorConfig config,
      Function<ComponentId, Context> contexts,
      LossLedger ledger,
      Map<ComponentId, Extension> extensions) {
    this.config = config;
    this.contexts = contexts;
    this.ledger = ledger;
    this.extensions = extensions;
  }

  /**
   * Makes all components; starts none.
   *
   * @param extensions filled first, so that other components can find them
   */
  static Graph build(
      CollectorConfig config,
      Function<ComponentId, Context> contexts,
      LossLedger ledger,
      Map<ComponentId, Extension> extensions)
      throws StartException {
    var graph = new Graph(config, contexts, ledger, extensions);
    graph.makeExtensions();
    graph.makeExporters();
    graph.makeProcessors();
    for (var pipeline : config.pipelines()) graph.entry(pipeline);
    graph.makeReceivers();
    return graph;
  }

  /** Who starts when; the opposite order is the order to stop in. */
  List<Node> order() {
    return order;
  }

  private void makeExtensions() throws StartException {
    for (var reference : config.extensions()) {
      var id = reference.id();
      var part = config.component(id);
      var extension =
          made(
              id,
              () -> extension((ExtensionFactory<?>) part.factory(), part.config(), context(id)));
      extensions.put(id, extension);
      order.add(new Node(id, extension));
    }
  }

  private void makeExporters() throws StartException {
    for (var pipeline : config.pipelines()) {
      for (var id : ids(pipeline.exporters())) {
        if (id.kind() != Kind.EXPORTER || exporters.containsKey(id)) continue;
        var part = config.component(id);
        var exporter =
            made(
                id,
                () -> exporter((ExporterFactory<?>) part.factory(), part.config(), context(id)));
        exporters.put(id, exporter);
        order.add(new Node(id, exporter));
      }
    }
  }

  private void makeProcessors() throws StartException {
    for (var pipeline : config.pipelines()) {
      List<Processor> made = new ArrayList<>();
      for (var id : ids(pipeline.processors())) {
        var part = config.component(id);
        made.add(
            made(
                id,
                () -> processor((ProcessorFactory<?>) part.factory(), part.config(), context(id))));
      }
      processors.put(pipeline, made);
    }
  }

  private Consumer<?> entry(Pipeline pipeline) throws StartException {
    var known = entries.get(pipeline);
    if (known != null) return known;
    var entry =
        switch (pipeline.signal()) {
          case TRACES -> entry(pipeline, new TracesPort());
          case METRICS -> entry(pipeline, new MetricsPort());
          case LOGS -> entry(pipeline, new LogsPort());
        };
    entries.put(pipeline, entry);
    return entry;
  }

  private <B extends Batch> Consumer<B> entry(Pipeline pipeline, Port<B> port)
      throws StartException {
    List<Consumer<B>> branches = new ArrayList<>();
    for (var id : ids(pipeline.exporters())) branches.add(into(id, port));
    var next = FanOut.of(branches);
    var made = processors.getOrDefault(pipeline, List.of());
    boolean handedOver = handOverBatching(pipeline);
    for (int i = made.size() - 1; i >= 0; i--) {
      var id = pipeline.processors().get(i).id();
      var processor = made.get(i);
      order.add(new Node(id, processor));
      if (handedOver && i == made.size() - 1) continue;
      var telemetry = context(id).telemetry();
      var signal = pipeline.signal();
      var out = Edges.counting(next, Names.processorOutgoing(telemetry, signal));
      var through = made(id, () -> port.through(processor, out));
      next = Edges.intoProcessor(through, Names.processorIncoming(telemetry, signal), guard(id));
    }
    return next;
  }

  private <B extends Batch> Consumer<B> into(ComponentId id, Port<B> port) throws StartException {
    var key = new Into(id, port.signal());
    // Not computeIfAbsent: a connector leads to further pipelines, and so back here.
    var known = ends.get(key);
    if (known == null) {
      known = id.kind() == Kind.EXPORTER ? intoExporter(id, port) : intoConnector(id, port);
      ends.put(key, known);
    }
    return port.cast(known);
  }

  private <B extends Batch> Consumer<B> intoExporter(ComponentId id, Port<B> port) {
    var exporter = exporters.get(id);
    if (exporter == null) throw new IllegalStateException("no exporter " + id);
    var context = context(id);
    ledger.of(id).open(port.signal());
    return Edges.intoExporter(
        port.into(exporter), Names.enqueueFailed(context.telemetry(), port.signal()), guard(id));
  }

  private <B extends Batch> Consumer<B> intoConnector(ComponentId id, Port<B> port)
      throws StartException {
    var connector = connectors.get(id);
    if (connector == null) {
      var part = config.component(id);
      var context = context(id);
      var outputs = outputs(id);
      connector =
          made(
              id,
              () ->
                  connector((ConnectorFactory<?>) part.factory(), part.config(), outputs, context));
      connectors.put(id, connector);
      order.add(new Node(id, connector));
    }
    return Edges.guarded(port.into(connector), guard(id));
  }

  private void makeReceivers() throws StartException {
    for (var pipeline : config.pipelines()) {
      for (var id : ids(pipeline.receivers())) {
        if (id.kind() != Kind.RECEIVER || order.stream().anyMatch(n -> n.id().equals(id))) continue;
        var part = config.component(id);
        var outputs = outputs(id);
        var receiver =
            made(
                id,
                () ->
                    receiver(
                        (ReceiverFactory<?>) part.factory(), part.config(), outputs, context(id)));
        order.add(new Node(id, receiver));
      }
    }
  }

  private Outputs outputs(ComponentId id) throws StartException {
    return new Outputs(
        output(id, new TracesPort()), output(id, new MetricsPort()), output(id, new LogsPort()));
  }

  private <B extends Batch> Optional<Consumer<B>> output(ComponentId id, Port<B> port)
      throws StartException {
    List<Consumer<B>> branches = new ArrayList<>();
    for (var pipeline : config.pipelines()) {
      if (pipeline.signal() == port.signal() && ids(pipeline.receivers()).contains(id)) {
        branches.add(port.cast(entry(pipeline)));
      }
    }
    if (branches.isEmpty()) return Optional.empty();
    var next = FanOut.of(branches);
    return Optional.of(
        id.kind() == Kind.CONNECTOR
            ? next
            : new Edges.FromReceiver<>(next, port.signal(), context(id).telemetry(), guard(id)));
  }

  /**
   * Lets the queues of a pipeline's exporters batch in place of its last processor. Only if every
   * pipeline that feeds such a queue asks for the same: a queue batches for all or for none.
   */
  private boolean handOverBatching(Pipeline pipeline) {
    var request = lastRequest(pipeline);
    if (request.isEmpty()) return false;
    Map<Into, Batching> queues = new HashMap<>();
    for (var id : ids(pipeline.exporters())) {
      var exporter = exporters.get(id);
      var queue =
          exporter == null ? Optional.<Batching>empty() : exporter.batching(pipeline.signal());
      if (queue.isEmpty() || !allAsk(id, pipeline.signal(), request.get())) return false;
      queues.put(new Into(id, pipeline.signal()), queue.get());
    }
    queues.forEach((into, queue) -> {
      if (batching.add(into)) queue.batch(request.get());
    });
    return true;
  }

  private boolean allAsk(ComponentId exporter, Signal signal, BatchRequest request) {
    return config.pipelines().stream()
        .filter(p -> p.signal() == signal && ids(p.exporters()).contains(exporter))
        .allMatch(p -> lastRequest(p).equals(Optional.of(request)));
  }

  private Optional<BatchRequest> lastRequest(Pipeline pipeline) {
    var made = processors.getOrDefault(pipeline, List.of());
    return made.isEmpty() ? Optional.empty() : made.getLast().batching();
  }

  private static <T> T made(ComponentId id, Supplier<T> maker) throws StartException {
    try {
      return maker.get();
    } catch (RuntimeException e) {
      throw StartException.of(id, e);
    }
  }

  private static List<ComponentId> ids(List<Reference> references) {
    return references.stream().map(Reference::id).toList();
  }

  private Context context(ComponentId id) {
    return contexts.apply(id);
  }

  private Edges.Guard guard(ComponentId id) {
    var context = context(id);
    return Edges.Guard.of(id, context.log(), context.clock());
  }

  // A factory and its configuration come from one descriptor; these five say so to the compiler.

  private static <C extends Record> Receiver receiver(
      ReceiverFactory<C> factory, Record config, Outputs outputs, Context context) {
    return factory.create(factory.descriptor().config().cast(config), outputs, context);
  }

  private static <C extends Record> Processor processor(
      ProcessorFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }

  private static <C extends Record> Exporter exporter(
      ExporterFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }

  private static <C extends Record> Connector connector(
      ConnectorFactory<C> factory, Record config, Outputs outputs, Context context) {
    return factory.create(factory.descriptor().config().cast(config), outputs, context);
  }

  private static <C extends Record> Extension extension(
      ExtensionFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }

  /** One signal's methods of components, so that all else is written once for all signals. */
  private sealed interface Port<B extends Batch> {
    Signal signal();

    Consumer<B> through(Processor processor, Consumer<B> next);

    Consumer<B> into(Exporter exporter);

    Consumer<B> into(Connector connector);

    /** What was kept under this port's signal is of its type. */
    @SuppressWarnings("unchecked")
    default Consumer<B> cast(Consumer<?> kept) {
      return (Consumer<B>) kept;
    }
  }

  private record TracesPort() implements Port<Traces> {
    @Override
    public Signal signal() {
      return Signal.TRACES;
    }

    @Override
    public Consumer<Traces> through(Processor processor, Consumer<Traces> next) {
      return processor.traces(next);
    }

    @Override
    public Consumer<Traces> into(Exporter exporter) {
      return exporter.traces();
    }

    @Override
    public Consumer<Traces> into(Connector connector) {
      return connector.traces();
    }
  }

  private record MetricsPort() implements Port<Metrics> {
    @Override
    public Signal signal() {
      return Signal.METRICS;
    }

    @Override
    public Consumer<Metrics> through(Processor processor, Consumer<Metrics> next) {
      return processor.metrics(next);
    }

    @Override
    public Consumer<Metrics> into(Exporter exporter) {
      return exporter.metrics();
    }

    @Override
    public Consumer<Metrics> into(Connector connector) {
      return connector.metrics();
    }
  }

  private record LogsPort() implements Port<Logs> {
    @Override
    public Signal signal() {
      return Signal.LOGS;
    }

    @Override
    public Consumer<Logs> through(Processor processor, Consumer<Logs> next) {
      return processor.logs(next);
    }

    @Override
    public Consumer<Logs> into(Exporter exporter) {
      return exporter.logs();
    }

    @Override
    public Consumer<Logs> into(Connector connector) {
      return connector.logs();
    }
  }
}
