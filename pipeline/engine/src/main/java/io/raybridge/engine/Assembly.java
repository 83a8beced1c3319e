package io.raybridge.engine;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Batching;
import io.raybridge.api.Component;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Connector;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Exporter;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.api.Outputs;
import io.raybridge.api.Processor;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.CollectorConfig.Configured;
import io.raybridge.config.CollectorConfig.Pipeline;
import io.raybridge.config.CollectorConfig.Reference;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import io.raybridge.engine.Graph.At;
import io.raybridge.engine.Graph.Chain;
import io.raybridge.engine.Graph.Placed;
import io.raybridge.engine.Graph.Step;
import io.raybridge.engine.Graph.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the graph of a configuration: makes the components and connects them, downstream first, so
 * that each gets its next consumer when it is made. The order in which they are made is the order
 * in which they start.
 *
 * <p>Where a graph runs already, what is the same in it is taken over instead: a component whose
 * configuration, whose extensions and whose downstream are the same. An exporter has no downstream,
 * but its signals and what its queues batch; a receiver's downstream is behind a switch, so only
 * its signals count.
 */
final class Assembly {
  private final CollectorConfig config;
  private final @Nullable Graph before;
  private final Set<ComponentId> anew;
  private final Contexts contexts;
  private final Extensions.Lookups lookups;
  private final List<Node> order = new ArrayList<>();
  private final Map<ComponentId, Placed> placed = new LinkedHashMap<>();
  private final Map<String, Chain> chains = new HashMap<>();
  private final Map<At, Switch<?>> doors = new HashMap<>();
  private final Map<At, Consumer<?>> connections = new HashMap<>();
  private final Map<At, Switch<?>> exits = new HashMap<>();
  private final Map<At, List<Consumer<?>>> leads = new HashMap<>();
  private final Map<At, BatchRequest> batching = new HashMap<>();
  private final List<Turn<?>> turns = new ArrayList<>();
  private final IdentityHashMap<Pipeline, Placed> lastProcessors = new IdentityHashMap<>();

  private Assembly(
      CollectorConfig config,
      @Nullable Graph before,
      Set<ComponentId> anew,
      Contexts contexts,
      Extensions.Lookups lookups) {
    this.config = config;
    this.before = before;
    this.anew = anew;
    this.contexts = contexts;
    this.lookups = lookups;
  }

  /**
   * Makes all components that cannot be taken over; starts none and turns nothing.
   *
   * @param before the graph that runs, or null
   * @param anew components that are not to be taken over
   * @param contexts makes contexts for one graph
   */
  static Graph graph(
      CollectorConfig config,
      @Nullable Graph before,
      Set<ComponentId> anew,
      Supplier<Contexts> contexts,
      Extensions.Lookups lookups)
      throws StartException {
    var all = new HashSet<>(anew);
    while (true) {
      var assembly = new Assembly(config, before, all, contexts.get(), lookups);
      var graph = assembly.make();
      // What a queue batches is fixed when it starts: those that are to do otherwise are made anew.
      if (!all.addAll(assembly.batchingOtherwise())) return graph;
    }
  }

  private Graph make() throws StartException {
    for (var reference : config.extensions()) {
      var here = place(reference.id(), true, Making::extension);
      contexts.extensions().all().put(reference.id(), (Extension) here.node().component());
    }
    for (var pipeline : config.pipelines()) {
      for (var id : ids(pipeline.exporters())) {
        if (id.kind() == Kind.EXPORTER && !placed.containsKey(id)) placeExporter(id);
      }
    }
    for (var pipeline : config.pipelines()) chain(pipeline);
    for (var pipeline : config.pipelines()) {
      for (var id : ids(pipeline.receivers())) {
        if (id.kind() == Kind.RECEIVER && !placed.containsKey(id)) placeReceiver(id);
      }
    }
    return new Graph(
        config,
        contexts.extensions(),
        List.copyOf(order),
        placed,
        chains,
        doors,
        connections,
        exits,
        leads,
        batching,
        List.copyOf(turns));
  }

  /** Exporters that were taken over, but whose queues are to batch differently now. */
  private Set<ComponentId> batchingOtherwise() {
    var found = new HashSet<ComponentId>();
    for (var at : doors.keySet()) {
      if (before == null || !isTakenOver(at.id())) continue;
      var then = Optional.ofNullable(before.batching().get(at));
      if (!then.equals(Optional.ofNullable(batching.get(at)))) found.add(at.id());
    }
    return found;
  }

  private void placeExporter(ComponentId id) throws StartException {
    boolean same = before != null && signals(config, id).equals(signals(before.config(), id));
    place(id, same, Making::exporter);
  }

  private static Set<Signal> signals(CollectorConfig config, ComponentId exporter) {
    var signals = new HashSet<Signal>();
    for (var pipeline : config.pipelines()) {
      if (ids(pipeline.exporters()).contains(exporter)) signals.add(pipeline.signal());
    }
    return signals;
  }

  private Chain chain(Pipeline pipeline) throws StartException {
    var known = chains.get(pipeline.id());
    if (known != null) return known;
    var chain = chain(pipeline, Port.of(pipeline.signal()));
    chains.put(pipeline.id(), chain);
    return chain;
  }

  private <B extends Batch> Chain chain(Pipeline pipeline, Port<B> port) throws StartException {
    List<Consumer<B>> ends = new ArrayList<>();
    for (var id : ids(pipeline.exporters())) ends.add(into(id, port));
    var old = before == null ? null : before.chains().get(pipeline.id());
    boolean same = old != null && areSame(old.ends(), ends);
    Consumer<B> next = same && old != null ? port.cast(old.tail()) : FanOut.of(ends);
    var tail = next;
    boolean handedOver = handOverBatching(pipeline);
    var steps = new ArrayDeque<Step>();
    var processors = ids(pipeline.processors());
    for (int back = 1; back <= processors.size(); back++) {
      boolean leftOut = handedOver && back == 1;
      var part = config.component(processors.get(processors.size() - back));
      var step = same && old != null ? old.fromEnd(back) : null;
      if (step == null || step.leftOut() != leftOut || !mayStay(step.placed(), part)) {
        same = false;
        step = step(back == 1 ? lastProcessor(pipeline) : processor(part), leftOut, port, next);
      }
      steps.addFirst(step);
      order.add(step.placed().node());
      next = port.cast(step.into());
    }
    return new Chain(List.copyOf(ends), tail, List.copyOf(steps));
  }

  private <B extends Batch> Step step(
      Placed placed, boolean leftOut, Port<B> port, Consumer<B> next) throws StartException {
    if (leftOut) return new Step(placed, true, next);
    var id = placed.node().id();
    var telemetry = contexts.edges(id);
    var out = Edges.counting(next, Names.processorOutgoing(telemetry, port.signal()));
    var processor = (Processor) placed.node().component();
    var through = made(id, () -> port.through(processor, out));
    var incoming = Names.processorIncoming(telemetry, port.signal());
    return new Step(placed, false, Edges.intoProcessor(through, incoming, contexts.guard(id)));
  }

  private <B extends Batch> Consumer<B> into(ComponentId id, Port<B> port) throws StartException {
    return id.kind() == Kind.EXPORTER ? door(id, port) : connection(id, port);
  }

  private <B extends Batch> Switch<B> door(ComponentId id, Port<B> port) {
    var at = new At(id, port.signal());
    var known = doors.get(at);
    if (known != null) return port.cast(known);
    var old = before == null ? null : before.doors().get(at);
    Switch<B> door;
    if (old != null && isTakenOver(id)) {
      door = port.cast(old);
    } else {
      contexts.ledger().of(id).open(port.signal());
      var into =
          Edges.intoExporter(
              port.into((Exporter) at(id).node().component()),
              Names.enqueueFailed(contexts.edges(id), port.signal()),
              contexts.guard(id));
      if (old == null) {
        door = new Switch<>(into, contexts.clock());
      } else {
        door = port.cast(old);
        turns.add(new Turn<>(id, door, into));
      }
    }
    doors.put(at, door);
    return door;
  }

  private <B extends Batch> Consumer<B> connection(ComponentId id, Port<B> port)
      throws StartException {
    var at = new At(id, port.signal());
    // Not computeIfAbsent: a connector leads to further pipelines, and so back here.
    var known = connections.get(at);
    if (known != null) return port.cast(known);
    if (!placed.containsKey(id)) placeConnector(id);
    var old = before == null ? null : before.connections().get(at);
    Consumer<B> connection =
        old != null && isTakenOver(id)
            ? port.cast(old)
            : Edges.guarded(port.into((Connector) at(id).node().component()), contexts.guard(id));
    connections.put(at, connection);
    return connection;
  }

  private void placeConnector(ComponentId id) throws StartException {
    var outputs = follow(id);
    boolean same = before != null && signals(config, id).equals(signals(before.config(), id));
    for (var signal : Signal.values()) same = same && leadsWhereItDid(new At(id, signal));
    place(
        id,
        same,
        (part, context) ->
            Making.connector(
                part,
                new Outputs(
                    output(outputs, new Port.TracesPort()),
                    output(outputs, new Port.MetricsPort()),
                    output(outputs, new Port.LogsPort())),
                context));
  }

  private static <B extends Batch> Optional<Consumer<B>> output(
      Map<Signal, List<Consumer<?>>> entries, Port<B> port) {
    var leading = entries.getOrDefault(port.signal(), List.of());
    return leading.isEmpty() ? Optional.empty() : Optional.of(fanOut(leading, port));
  }

  private static <B extends Batch> Consumer<B> fanOut(List<Consumer<?>> entries, Port<B> port) {
    return FanOut.of(entries.stream().map(port::cast).toList());
  }

  private void placeReceiver(ComponentId id) throws StartException {
    var outputs = follow(id);
    boolean same = before != null;
    for (var signal : Signal.values()) {
      var at = new At(id, signal);
      same =
          same && (before != null && before.exits().containsKey(at)) == outputs.containsKey(signal);
    }
    place(
        id,
        same,
        (part, context) ->
            Making.receiver(
                part,
                new Outputs(
                    exit(id, outputs, new Port.TracesPort()),
                    exit(id, outputs, new Port.MetricsPort()),
                    exit(id, outputs, new Port.LogsPort())),
                context));
    if (isTakenOver(id)) outputs.keySet().forEach(signal -> turn(id, outputs, Port.of(signal)));
  }

  private <B extends Batch> Optional<Consumer<B>> exit(
      ComponentId id, Map<Signal, List<Consumer<?>>> outputs, Port<B> port) {
    return output(outputs, port)
        .map(next -> {
          var exit = new Switch<>(next, contexts.clock());
          exits.put(new At(id, port.signal()), exit);
          return new Edges.FromReceiver<>(
              exit, port.signal(), contexts.edges(id), contexts.guard(id));
        });
  }

  /** Lets the output of a receiver that stays lead where it leads now. */
  private <B extends Batch> void turn(
      ComponentId id, Map<Signal, List<Consumer<?>>> outputs, Port<B> port) {
    var at = new At(id, port.signal());
    var old = before == null ? null : before.exits().get(at);
    if (old == null) throw new IllegalStateException("no way out of " + id + " to be turned");
    Switch<B> exit = port.cast(old);
    exits.put(at, exit);
    if (leadsWhereItDid(at)) return;
    turns.add(new Turn<>(id, exit, fanOut(outputs.getOrDefault(port.signal(), List.of()), port)));
  }

  /** The entries of the pipelines that a receiver or connector begins. */
  private Map<Signal, List<Consumer<?>>> follow(ComponentId id) throws StartException {
    var entries = new EnumMap<Signal, List<Consumer<?>>>(Signal.class);
    for (var pipeline : config.pipelines()) {
      if (!ids(pipeline.receivers()).contains(id)) continue;
      var leading = entries.computeIfAbsent(pipeline.signal(), _ -> new ArrayList<>());
      leading.add(chain(pipeline).entry());
    }
    entries.forEach((signal, leading) -> leads.put(new At(id, signal), leading));
    return entries;
  }

  private boolean leadsWhereItDid(At at) {
    var old = before == null ? null : before.leads().get(at);
    return areSame(old == null ? List.of() : old, leads.getOrDefault(at, List.of()));
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the same one is the question
  private static boolean areSame(List<? extends Consumer<?>> a, List<? extends Consumer<?>> b) {
    if (a.size() != b.size()) return false;
    for (int i = 0; i < a.size(); i++) if (a.get(i) != b.get(i)) return false;
    return true;
  }

  /**
   * Lets the queues of a pipeline's exporters batch in place of its last processor. Only if every
   * pipeline that feeds such a queue asks for the same: a queue batches for all or for none.
   */
  private boolean handOverBatching(Pipeline pipeline) throws StartException {
    var request = lastRequest(pipeline);
    if (request.isEmpty()) return false;
    Map<At, Batching> queues = new HashMap<>();
    for (var id : ids(pipeline.exporters())) {
      var queue =
          id.kind() == Kind.EXPORTER
              ? ((Exporter) at(id).node().component()).batching(pipeline.signal())
              : Optional.<Batching>empty();
      if (queue.isEmpty() || !allAsk(id, pipeline.signal(), request.get())) return false;
      queues.put(new At(id, pipeline.signal()), queue.get());
    }
    queues.forEach((at, queue) -> {
      boolean first = batching.putIfAbsent(at, request.get()) == null;
      if (first && !isTakenOver(at.id())) queue.batch(request.get());
    });
    return true;
  }

  private boolean allAsk(ComponentId exporter, Signal signal, BatchRequest request)
      throws StartException {
    for (var pipeline : config.pipelines()) {
      boolean feeds = pipeline.signal() == signal && ids(pipeline.exporters()).contains(exporter);
      if (feeds && !lastRequest(pipeline).equals(Optional.of(request))) return false;
    }
    return true;
  }

  private Optional<BatchRequest> lastRequest(Pipeline pipeline) throws StartException {
    if (pipeline.processors().isEmpty()) return Optional.empty();
    var part = config.component(pipeline.processors().getLast().id());
    var chain = before == null ? null : before.chains().get(pipeline.id());
    var old = chain == null ? null : chain.fromEnd(1);
    // One that runs already and is configured the same asks for the same.
    var asked = old != null && old.placed().isOf(part) ? old.placed() : lastProcessor(pipeline);
    return ((Processor) asked.node().component()).batching();
  }

  /** Made once, and before its place is known: what it asks for decides whether it has one. */
  private Placed lastProcessor(Pipeline pipeline) throws StartException {
    var known = lastProcessors.get(pipeline);
    if (known != null) return known;
    var made = processor(config.component(pipeline.processors().getLast().id()));
    lastProcessors.put(pipeline, made);
    return made;
  }

  private Placed processor(Configured<?> part) throws StartException {
    return fresh(part, Making::processor);
  }

  /** Makes a component of its part of the configuration. */
  private interface Maker {
    Component make(Configured<?> part, Context context);
  }

  private Placed place(ComponentId id, boolean sameSurroundings, Maker maker)
      throws StartException {
    var part = config.component(id);
    var old = before == null ? null : before.placed().get(id);
    var here = old != null && sameSurroundings && mayStay(old, part) ? old : fresh(part, maker);
    placed.put(id, here);
    order.add(here.node());
    return here;
  }

  private Placed fresh(Configured<?> part, Maker maker) throws StartException {
    var gauges = new Gauges();
    var context = contexts.of(part.id(), gauges);
    var component = made(part.id(), () -> maker.make(part, context));
    return new Placed(new Node(part.id(), component, gauges), part);
  }

  private boolean mayStay(Placed old, Configured<?> part) {
    return old.isOf(part) && !anew.contains(part.id()) && !usesAnotherExtension(part.id());
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the same one is the question
  private boolean usesAnotherExtension(ComponentId id) {
    for (var extension : lookups.of(id)) {
      var then = before == null ? null : before.extensions().find(extension);
      if (contexts.extensions().find(extension) != then) return true;
    }
    return false;
  }

  private boolean isTakenOver(ComponentId id) {
    return before != null && at(id).equals(before.placed().get(id));
  }

  private Placed at(ComponentId id) {
    var here = placed.get(id);
    if (here == null) throw new IllegalStateException("no " + id.kind().word() + " " + id);
    return here;
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
}
