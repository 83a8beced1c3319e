package io.raybridge.processors.batch;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Outcome;
import io.raybridge.api.Telemetry;
import io.raybridge.data.Batch;
import io.raybridge.delivery.Merge;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts the batches of callers together that come at about the same time, and answers each of them
 * when the whole was handed on. It has no thread: who completes a batch hands it on, and who began
 * it does so when its time has come.
 */
final class Batcher<B extends Batch> implements Consumer<B> {
  private final BatchProcessorConfig config;
  private final Clock clock;
  private final Consumer<B> next;
  private final Sizes sizes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Oldest first; one where nothing keeps batches apart.
  private final LinkedHashMap<Apart, Group<B>> filling = new LinkedHashMap<>();
  private final MetadataKeys keys;
  private boolean stopping;

  Batcher(BatchProcessorConfig config, Context context, Consumer<B> next) {
    this.config = config;
    this.next = next;
    keys = config.apart();
    clock = context.clock();
    sizes = new Sizes(context.telemetry());
    Sizes.combinations(context.telemetry(), this::combinations);
  }

  @Override
  public Outcome consume(B batch) {
    int items = batch.items();
    if (items == 0) return Outcome.ACCEPTED;
    var seat = enter(batch, items);
    var group = seat.group();
    try {
      switch (seat.role()) {
        case COMPLETES -> handOn(group, sizes.bySize());
        case BEGAN -> {
          if (awaitTime(group)) handOn(group, sizes.byTimeout());
        }
        case JOINED -> {}
      }
      return group.await(items);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.unavailable("interrupted while the batch was put together");
    }
  }

  private record Seat<B extends Batch>(Group<B> group, Role role) {}

  private enum Role {
    BEGAN,
    JOINED,
    COMPLETES
  }

  private Seat<B> enter(B batch, int items) {
    keys.reduce(batch);
    var apart = Apart.of(batch);
    lock.lock();
    try {
      var group = filling.get(apart);
      var role = Role.JOINED;
      if (group == null) {
        if (filling.size() >= config.maxApart()) {
          filling.pollFirstEntry().getValue().crowdOut();
          changed.signalAll();
        }
        group = new Group<>(apart, clock.nanoTime() + config.timeout().toNanos());
        filling.put(apart, group);
        role = Role.BEGAN;
      }
      group.add(batch, items);
      boolean complete =
          group.items() >= config.sendBatchSize() || config.timeout().isZero() || stopping;
      if (!complete) return new Seat<>(group, role);
      filling.remove(apart);
      changed.signalAll();
      return new Seat<>(group, Role.COMPLETES);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the group's time has come; false when somebody else completed it before. */
  private boolean awaitTime(Group<B> group) {
    boolean interrupted = false;
    lock.lock();
    try {
      while (isFilling(group) && !stopping && !interrupted && clock.nanoTime() - group.due() < 0) {
        try {
          // The loop tests all of it again, whatever ended the wait.
          boolean _ = clock.awaitUntil(lock, changed, group.due());
        } catch (InterruptedException e) {
          // The others rely on us to hand the group on: at once, then.
          interrupted = true;
        }
      }
      if (group.isCrowdedOut()) return true;
      if (!isFilling(group)) return false;
      filling.remove(group.apart());
      return true;
    } finally {
      lock.unlock();
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("ReferenceEquality") // another one may have begun in its place
  private boolean isFilling(Group<B> group) {
    return filling.get(group.apart()) == group;
  }

  private long combinations() {
    if (keys.names().isEmpty()) return 1;
    lock.lock();
    try {
      return filling.size();
    } finally {
      lock.unlock();
    }
  }

  private void handOn(Group<B> group, Telemetry.Counter trigger) {
    trigger.add(1);
    Outcome outcome = Outcome.failed("batch: a bug, see the log");
    try {
      outcome = sendAll(group);
    } finally {
      group.answer(outcome);
    }
  }

  private Outcome sendAll(Group<B> group) {
    Outcome all = Outcome.ACCEPTED;
    for (var part : Merge.together(group.batches(), config.sendBatchMaxSize())) {
      sizes.sizes().record(part.items());
      all = worse(all, next.consume(part));
    }
    return all;
  }

  /** Of two parts' outcomes: what makes a client send again wins, since nothing may be lost. */
  private static Outcome worse(Outcome a, Outcome b) {
    if (a instanceof Outcome.Partial x && b instanceof Outcome.Partial y) {
      return new Outcome.Partial(x.rejectedItems() + y.rejectedItems(), x.reason());
    }
    return rank(b) > rank(a) ? b : a;
  }

  private static int rank(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> 0;
      case Outcome.Partial _ -> 1;
      case Outcome.Rejected _ -> 2;
      case Outcome.Retry _ -> 3;
    };
  }

  /** From here on batches are handed on as they come. */
  void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
