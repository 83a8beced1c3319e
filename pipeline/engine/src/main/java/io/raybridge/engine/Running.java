package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig;
import io.raybridge.engine.Graph.Turn;
import io.raybridge.engine.Switch.Passage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The components that run, and their way to another configuration without a stop. What is new
 * starts beside what runs; then the switches are turned, from which moment on batches go the new
 * way; then what is not needed any more finishes what it has and stops. If something new cannot
 * start, nothing has changed.
 *
 * <p>Two that cannot run side by side (over a port, say) take turns instead: the old one stops
 * before the new one starts, and what comes for it waits. If the new one then cannot start, one
 * like the old one does.
 */
final class Running {
  private final LifeCycle lifeCycle;
  private final Supplier<Contexts> contexts;
  private final Extensions.Lookups lookups;
  private final LossLedger ledger;
  private final System.Logger log;
  private final Clock clock;
  private final Duration patience;
  private final BiConsumer<ComponentId, Throwable> fatal;
  private final Set<Thread> retiring = ConcurrentHashMap.newKeySet();
  private Graph now;

  /**
   * Makes and starts a configuration's components. If one cannot start, those before it are
   * stopped.
   *
   * @param contexts makes contexts for one graph
   * @param patience how long components have to stop together
   * @param fatal told when neither the new nor the old can run
   */
  Running(
      CollectorConfig config,
      Supplier<Contexts> contexts,
      Extensions.Lookups lookups,
      LossLedger ledger,
      System.Logger log,
      Clock clock,
      Duration patience,
      BiConsumer<ComponentId, Throwable> fatal)
      throws StartException {
    this.lifeCycle = new LifeCycle(log);
    this.contexts = contexts;
    this.lookups = lookups;
    this.ledger = ledger;
    this.log = log;
    this.clock = clock;
    this.patience = patience;
    this.fatal = fatal;
    now = Assembly.graph(config, null, Set.of(), contexts, lookups);
    now.order().forEach(node -> node.gauges().show());
    lifeCycle.start(now.order(), this::inTime);
  }

  /** The extensions that run, in the order of the configuration. */
  Map<ComponentId, Extension> extensions() {
    return now.extensions().all();
  }

  /**
   * What a move came to.
   *
   * @param started components that run since then
   * @param stopped components that do not run any more, or soon will not
   */
  record Move(List<Node> started, List<Node> stopped) {}

  /**
   * Moves to another configuration.
   *
   * @throws StartException naming what cannot run; the components of the old configuration do
   */
  Move to(CollectorConfig config) throws StartException {
    Set<ComponentId> inTurn = new HashSet<>();
    while (true) {
      var next = Assembly.graph(config, now, Set.of(), contexts, lookups);
      var replaced = replacements(next);
      for (var node : now.without(next)) {
        if (replaced.contains(node.id()) && node.component().exclusive()) inTurn.add(node.id());
      }
      addUsers(inTurn, replaced);
      try {
        return step(next, inTurn);
      } catch (StartException e) {
        if (!inTurn.isEmpty()) restore(inTurn, e);
        var who = e.component();
        if (who == null || !replaced.contains(who) || !inTurn.add(who)) throw e;
      }
    }
  }

  /**
   * Components that both graphs have, but not the same. Processors never stand in each other's way.
   */
  private Set<ComponentId> replacements(Graph next) {
    Set<ComponentId> fresh = new HashSet<>();
    for (var node : next.without(now)) fresh.add(node.id());
    Set<ComponentId> both = new HashSet<>();
    for (var node : now.without(next)) {
      boolean kind = node.id().kind() != Kind.PROCESSOR && node.id().kind() != Kind.CONNECTOR;
      if (kind && fresh.contains(node.id())) both.add(node.id());
    }
    return both;
  }

  /** Whoever uses an extension that stops early stops before it. */
  private void addUsers(Set<ComponentId> inTurn, Set<ComponentId> replaced) {
    for (var id : replaced) {
      if (lookups.of(id).stream().anyMatch(inTurn::contains)) inTurn.add(id);
    }
  }

  private Move step(Graph next, Set<ComponentId> inTurn) throws StartException {
    var before = now;
    var gone = before.without(next);
    var fresh = next.without(before);
    var early = gone.stream().filter(node -> inTurn.contains(node.id())).toList();
    var late = gone.stream().filter(node -> !inTurn.contains(node.id())).toList();
    if (!early.isEmpty()) stopEarly(before, early);
    lifeCycle.start(fresh, this::inTime);
    take(next, fresh);
    var left = new LinkedHashMap<Passage, ComponentId>();
    for (Turn<?> turn : next.turns()) left.put(turn.perform(), turn.id());
    early.forEach(node -> node.gauges().hide());
    retire(before, late, left);
    return new Move(fresh, gone);
  }

  private void take(Graph next, List<Node> fresh) {
    now = next;
    fresh.forEach(node -> node.gauges().show());
  }

  /** Receivers first: what they have taken in must not wait at a door that is shut. */
  private void stopEarly(Graph before, List<Node> early) {
    var deadline = inTime();
    lifeCycle.stop(of(early, Set.of(Kind.RECEIVER)), deadline);
    var longest = Deadline.in(patience.multipliedBy(2), clock);
    List<Passage> held = new ArrayList<>();
    before
        .doors()
        .forEach((at, door) -> {
          if (early.stream().anyMatch(node -> node.id().equals(at.id())))
            held.add(door.hold(longest));
        });
    awaitEmpty(held, deadline);
    stopNaming(before, of(early, Set.of(Kind.EXPORTER, Kind.EXTENSION)), deadline);
  }

  /** Starts components like those that were stopped for nothing. */
  private void restore(Set<ComponentId> stopped, StartException why) throws StartException {
    log.log(
        System.Logger.Level.WARNING,
        "what was stopped for the new configuration starts again: " + stopped);
    try {
      var again = Assembly.graph(now.config(), now, stopped, contexts, lookups);
      var fresh = again.without(now);
      lifeCycle.start(fresh, this::inTime);
      take(again, fresh);
      again.turns().forEach(Turn::perform);
    } catch (StartException e) {
      e.addSuppressed(why);
      var who = e.component();
      fatal.accept(who == null ? stopped.iterator().next() : who, e);
      throw e;
    }
  }

  /** Lets those that are not needed any more finish, beside all that goes on. */
  private void retire(Graph before, List<Node> gone, Map<Passage, ComponentId> left) {
    if (gone.isEmpty()) return;
    var deadline = inTime();
    var thread =
        Thread.ofVirtual()
            .name("retiring")
            .unstarted(() -> {
              try {
                retire(before, gone, left, deadline);
              } finally {
                retiring.remove(Thread.currentThread());
              }
            });
    retiring.add(thread);
    thread.start();
  }

  private void retire(
      Graph before, List<Node> gone, Map<Passage, ComponentId> left, Deadline deadline) {
    lifeCycle.stop(of(gone, Set.of(Kind.RECEIVER)), deadline);
    awaitEmpty(of(left, Kind.RECEIVER), deadline);
    lifeCycle.stop(of(gone, Set.of(Kind.PROCESSOR, Kind.CONNECTOR)), deadline);
    awaitEmpty(of(left, Kind.EXPORTER), deadline);
    stopNaming(before, of(gone, Set.of(Kind.EXPORTER, Kind.EXTENSION)), deadline);
    gone.forEach(node -> node.gauges().hide());
    log.log(System.Logger.Level.DEBUG, "stopped: " + gone);
  }

  /** Stops exporters, and says of each what it could not send. */
  private void stopNaming(Graph before, List<Node> nodes, Deadline deadline) {
    for (var node : nodes.reversed()) {
      var signals = before.signalsOf(node.id());
      var lost = new Losses(ledger.of(node.id()), signals);
      lifeCycle.stop(List.of(node), deadline);
      lost.sinceThen().ifPresent(line -> log.log(System.Logger.Level.WARNING, line));
    }
  }

  private static List<Node> of(List<Node> nodes, Set<Kind> kinds) {
    return nodes.stream().filter(node -> kinds.contains(node.id().kind())).toList();
  }

  private static List<Passage> of(Map<Passage, ComponentId> left, Kind kind) {
    return left.entrySet().stream()
        .filter(entry -> entry.getValue().kind() == kind)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A client that does not get its answer in time gets the one that stopping gives it. */
  private void awaitEmpty(Collection<Passage> passages, Deadline deadline) {
    var halfWay = Deadline.in(deadline.left().dividedBy(2), clock);
    try {
      for (var passage : passages) {
        boolean _ = passage.awaitEmpty(halfWay);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Deadline inTime() {
    return Deadline.in(patience, clock);
  }

  /** Stops everything. Returns whether all stopped by themselves and in time. */
  boolean stop(Deadline deadline) {
    var halfWay = Deadline.in(deadline.left().dividedBy(2), clock);
    try {
      for (var thread : retiring) thread.join(halfWay.left());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return lifeCycle.stop(now.order(), deadline);
  }
}
