package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Component;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Outcome;
import io.raybridge.api.UnsupportedSignalException;
import io.raybridge.data.Signal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every exporter keeps to. */
public interface ExporterContract<C extends Record> extends ComponentContract<C> {
  @Override
  ExporterFactory<C> factory();

  @Override
  default Component create(C config, TestContext context) {
    return factory().create(config, context.context());
  }

  @Test
  default void signals_areThoseClaimed() {
    for (var signal : Signal.values()) {
      var exporter = factory().create(config(), context().context());
      if (factory().descriptor().signals().contains(signal)) {
        assertThat(Port.into(exporter, signal)).isNotNull();
      } else {
        assertThatThrownBy(() -> Port.into(exporter, signal))
            .isInstanceOf(UnsupportedSignalException.class);
      }
    }
  }

  @Test
  default void items_addUpInTheLedger() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var context = context();
      var exporter = factory().create(config(), context.context());
      var consumer = Port.into(exporter, signal);
      exporter.start();
      var random = new Random(7);
      long offered = 0;
      long refused = 0;
      for (int i = 0; i < 50; i++) {
        int items = 1 + random.nextInt(20);
        refused += refused(consumer.consume(Numbered.batch(signal, offered, items)), items);
        offered += items;
      }

      exporter.stop(generously());

      var ledger = context.ledger();
      assertThat(ledger.accepted(signal)).as("accepted").isEqualTo(offered - refused);
      assertThat(ledger.queued(signal)).as("accepted, and neither delivered nor dropped").isZero();
    }
  }

  @Test
  default void mutates_isHonest() throws Exception {
    if (factory().descriptor().mutates()) return;
    for (var signal : factory().descriptor().signals()) {
      var exporter = factory().create(config(), context().context());
      var consumer = Port.into(exporter, signal);
      exporter.start();
      var batch = Numbered.batch(signal, 0, 10);
      var before = Numbered.bytes(batch.copy());

      assertThat(consumer.consume(batch)).isNotNull();
      exporter.stop(generously());

      assertThat(Numbered.bytes(batch)).isEqualTo(before);
    }
  }

  /** The items that were not taken. */
  private static long refused(Outcome outcome, int items) {
    return switch (outcome) {
      case Outcome.Accepted _ -> 0;
      case Outcome.Partial partial -> partial.rejectedItems();
      case Outcome.Retry _, Outcome.Rejected _ -> items;
    };
  }
}
