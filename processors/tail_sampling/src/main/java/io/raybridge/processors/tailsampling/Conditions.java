package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.processors.tailsampling.Ottl.Spot;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Samples traces with a span, or an event of a span, for which one of its conditions holds. */
final class Conditions implements Judge {
  private final List<Predicate<Spot>> ofSpan;
  private final List<Predicate<Spot>> ofEvent;
  private final Supplier<KeyTable> keys;
  private @Nullable Spot spot;
  private boolean found;

  /**
   * @param keys the attributes of all policies, known once all are made
   */
  Conditions(List<Predicate<Spot>> ofSpan, List<Predicate<Spot>> ofEvent, Supplier<KeyTable> keys) {
    this.ofSpan = ofSpan;
    this.ofEvent = ofEvent;
    this.keys = keys;
  }

  @Override
  public void begin() {
    found = false;
  }

  @Override
  public void see(SpanWalk walk) {
    if (found) return;
    var at = spot;
    if (at == null || at.walk() != walk) {
      at = new Spot(walk, new EventView(keys.get()));
      spot = at;
    }
    for (var condition : ofSpan) found = found || condition.test(at);
    if (ofEvent.isEmpty()) return;
    for (int i = 0; i < walk.span().events() && !found; i++) {
      walk.span().event(i, at.event());
      for (var condition : ofEvent) found = found || condition.test(at);
    }
  }

  @Override
  public Judgement end(Whole trace) {
    return Judge.of(found);
  }
}
