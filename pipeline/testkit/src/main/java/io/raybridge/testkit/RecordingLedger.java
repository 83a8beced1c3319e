package io.raybridge.testkit;

import io.raybridge.api.Ledger;
import io.raybridge.data.Signal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** A ledger kept in memory; {@link #queued} is what is neither delivered, dropped nor spooled. */
public final class RecordingLedger implements Ledger {
  private final Map<Signal, LongAdder> accepted = perSignal();
  private final Map<Signal, LongAdder> delivered = perSignal();
  private final Map<Signal, LongAdder> spooled = perSignal();
  private final List<Drop> drops = new CopyOnWriteArrayList<>();

  @Override
  public void accepted(Signal signal, long items) {
    of(accepted, signal).add(items);
  }

  @Override
  public void delivered(Signal signal, long items) {
    of(delivered, signal).add(items);
  }

  @Override
  public void dropped(Drop drop) {
    drops.add(drop);
  }

  @Override
  public void spooled(Signal signal, long items) {
    of(spooled, signal).add(items);
  }

  @Override
  public void found(Signal signal, long items) {
    accepted(signal, items);
  }

  /** Items left on disk so far. */
  public long spooled(Signal signal) {
    return of(spooled, signal).sum();
  }

  /** Items taken over so far. */
  public long accepted(Signal signal) {
    return of(accepted, signal).sum();
  }

  /** Items confirmed so far. */
  public long delivered(Signal signal) {
    return of(delivered, signal).sum();
  }

  /** Items lost so far. */
  public long dropped(Signal signal) {
    return drops.stream().filter(d -> d.signal() == signal).mapToLong(Drop::items).sum();
  }

  /** Items lost so far for this reason. */
  public long dropped(Signal signal, String reason) {
    return drops.stream()
        .filter(d -> d.signal() == signal && d.reason().equals(reason))
        .mapToLong(Drop::items)
        .sum();
  }

  /** Items taken over whose end is not known yet. */
  public long queued(Signal signal) {
    return accepted(signal) - delivered(signal) - dropped(signal) - spooled(signal);
  }

  /** All drops, in order. */
  public List<Drop> drops() {
    return List.copyOf(drops);
  }

  private static Map<Signal, LongAdder> perSignal() {
    var map = new EnumMap<Signal, LongAdder>(Signal.class);
    for (var signal : Signal.values()) map.put(signal, new LongAdder());
    return map;
  }

  // Every signal has its adder from the start.
  @SuppressWarnings("NullAway")
  private static LongAdder of(Map<Signal, LongAdder> map, Signal signal) {
    return map.get(signal);
  }
}
