package io.raybridge.exporters.nop;

import io.raybridge.api.Batching;
import io.raybridge.api.Consumer;
import io.raybridge.api.Exporter;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.Optional;

/** Accepts everything and keeps nothing. */
final class NopExporter implements Exporter {
  private final Ledger ledger;

  NopExporter(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Consumer<Traces> traces() {
    return new Swallow<>();
  }

  @Override
  public Consumer<Metrics> metrics() {
    return new Swallow<>();
  }

  @Override
  public Consumer<Logs> logs() {
    return new Swallow<>();
  }

  /** Whatever the size of a batch, nothing here is better for it: nobody need wait for one. */
  @Override
  public Optional<Batching> batching(Signal signal) {
    return Optional.of(_ -> {});
  }

  private final class Swallow<B extends Batch> implements Consumer<B> {
    @Override
    public Outcome consume(B batch) {
      int items = batch.items();
      ledger.accepted(batch.signal(), items);
      ledger.delivered(batch.signal(), items);
      return Outcome.ACCEPTED;
    }

    @Override
    public Outcome consumeNow(B batch) {
      return consume(batch);
    }
  }
}
