package io.raybridge.engine;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Consumer;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.CollectorConfig.Configured;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The components of one configuration and how they are connected: all that the next configuration
 * is compared with. Batches enter it at receivers and leave it at exporters, and at these two kinds
 * of places, and nowhere between them, stands a {@link Switch} that outlives the graph.
 *
 * @param order who starts when; the opposite order is the order to stop in
 * @param placed extensions, exporters, connectors and receivers
 * @param chains the pipelines, by their ids
 * @param doors the ways into exporters
 * @param connections the ways into connectors
 * @param exits the ways out of receivers
 * @param leads what a receiver's or a connector's output leads to: the entries of its pipelines
 * @param batching what the queues of exporters were asked to batch
 * @param turns what is to be turned when this graph takes the place of the one before
 */
record Graph(
    CollectorConfig config,
    Extensions extensions,
    List<Node> order,
    Map<ComponentId, Placed> placed,
    Map<String, Chain> chains,
    Map<At, Switch<?>> doors,
    Map<At, Consumer<?>> connections,
    Map<At, Switch<?>> exits,
    Map<At, List<Consumer<?>>> leads,
    Map<At, BatchRequest> batching,
    List<Turn<?>> turns) {

  /** One signal's side of a component. */
  record At(ComponentId id, Signal signal) {
    // Written out for the sake of the start, as in ComponentId.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof At at && signal == at.signal && id.equals(at.id);
    }

    @Override
    public int hashCode() {
      return id.hashCode() * 31 + signal.hashCode();
    }
  }

  /** An instance, and the configuration it was made of. */
  record Placed(Node node, Configured<?> part) {
    /**
     * Whether one made of this configuration would be the same. Where it stands does not matter.
     */
    boolean isOf(Configured<?> other) {
      return part.id().equals(other.id())
          && part.factory().getClass() == other.factory().getClass()
          && part.config().equals(other.config());
    }
  }

  /**
   * A pipeline.
   *
   * @param ends the ways into its exporters and connectors
   * @param tail all of them in one
   * @param steps its processors in order
   */
  record Chain(List<Consumer<?>> ends, Consumer<?> tail, List<Step> steps) {
    Consumer<?> entry() {
      return steps.isEmpty() ? tail : steps.getFirst().into();
    }

    /** The processor that is the last one but so many, counted from 1; null if there is none. */
    @Nullable Step fromEnd(int back) {
      return back > steps.size() ? null : steps.get(steps.size() - back);
    }
  }

  /**
   * A processor in its place.
   *
   * @param leftOut whether the queues behind it do its work
   * @param into the way through it, or past it where it is left out
   */
  record Step(Placed placed, boolean leftOut, Consumer<?> into) {}

  /** A switch that is to lead elsewhere. */
  record Turn<B extends Batch>(ComponentId id, Switch<B> at, Consumer<B> to) {
    Switch.Passage perform() {
      return at.turn(to);
    }
  }

  /** Those of this graph that another one has not, in this graph's order. */
  List<Node> without(Graph other) {
    Set<Object> theirs = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var node : other.order) theirs.add(node.component());
    List<Node> rest = new ArrayList<>();
    for (var node : order) if (!theirs.contains(node.component())) rest.add(node);
    return rest;
  }

  /** The signals that an exporter of this graph takes. */
  List<Signal> signalsOf(ComponentId exporter) {
    return doors.keySet().stream()
        .filter(at -> at.id().equals(exporter))
        .map(At::signal)
        .sorted()
        .toList();
  }
}
