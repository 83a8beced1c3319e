package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Component;
import io.raybridge.api.Outcome;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.api.UnsupportedSignalException;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every processor keeps to. */
public interface ProcessorContract<C extends Record> extends ComponentContract<C> {
  @Override
  ProcessorFactory<C> factory();

  @Override
  default Component create(C config, TestContext context) {
    return factory().create(config, context.context());
  }

  /** Whether {@link #yaml()} lets every item through; not so for samplers and filters. */
  default boolean letsAllThrough() {
    return true;
  }

  @Test
  default void signals_areThoseClaimed() {
    for (var signal : Signal.values()) {
      var processor = factory().create(config(), context().context());
      var next = new RecordingConsumer<Batch>();
      if (factory().descriptor().signals().contains(signal)) {
        assertThat(Port.through(processor, signal, next)).isNotNull();
      } else {
        assertThatThrownBy(() -> Port.through(processor, signal, next))
            .isInstanceOf(UnsupportedSignalException.class);
      }
    }
  }

  @Test
  default void outcomeOfTheNext_isTheAnswer() throws Exception {
    if (!letsAllThrough()) return;
    for (var signal : factory().descriptor().signals()) {
      for (var outcome :
          List.of(
              Outcome.ACCEPTED,
              new Outcome.Partial(1, "one is wrong"),
              Outcome.unavailable("down"),
              Outcome.overloaded("busy", Duration.ofSeconds(3)),
              Outcome.invalid("wrong"),
              Outcome.failed("bug"))) {
        var next = new RecordingConsumer<Batch>().alwaysAnswering(outcome);
        var processor = factory().create(config(), context().context());
        var consumer = Port.through(processor, signal, next);
        processor.start();

        assertThat(consumer.consume(Numbered.batch(signal, 0, 5))).isEqualTo(outcome);
        processor.stop(generously());
      }
    }
  }

  @Test
  default void items_areHandedOnOnceOrRefused() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var context = context();
      var next = new Chance(11);
      var processor = factory().create(config(), context.context());
      var consumer = Port.through(processor, signal, next);
      processor.start();
      var random = new Random(13);
      List<Long> acknowledged = new ArrayList<>();
      long first = 0;
      for (int i = 0; i < 100; i++) {
        int items = 1 + random.nextInt(20);
        var batch = Numbered.batch(signal, first, items);
        if (consumer.consume(batch) instanceof Outcome.Accepted) {
          for (long n = first; n < first + items; n++) acknowledged.add(n);
        }
        first += items;
      }

      processor.stop(generously());

      assertThat(next.offered()).as("items offered to the next").doesNotHaveDuplicates();
      if (letsAllThrough()) {
        long lost = acknowledged.stream().filter(n -> !next.accepted().contains(n)).count();
        assertThat(lost).as("acknowledged and lost").isEqualTo(context.ledger().dropped(signal));
      }
    }
  }

  @Test
  default void mutates_isHonest() throws Exception {
    if (factory().descriptor().mutates() || !letsAllThrough()) return;
    for (var signal : factory().descriptor().signals()) {
      var next = new RecordingConsumer<Batch>();
      var processor = factory().create(config(), context().context());
      var consumer = Port.through(processor, signal, next);
      processor.start();
      var batch = Numbered.batch(signal, 0, 10);
      var before = Numbered.bytes(batch.copy());

      assertThat(consumer.consume(batch)).isEqualTo(Outcome.ACCEPTED);
      processor.stop(generously());

      assertThat(Numbered.bytes(next.only())).isEqualTo(before);
    }
  }

  @Test
  default void batches_mayComeFromManyThreads() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var next = new RecordingConsumer<Batch>();
      var processor = factory().create(config(), context().context());
      var consumer = Port.through(processor, signal, next);
      processor.start();
      int threads = 8;
      var done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        long from = t * 1000L;
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < 100; i++) {
                if (consumer.consume(Numbered.batch(signal, from + i * 10L, 10)) == null) return;
              }
              done.countDown();
            });
      }

      assertThat(done.await(60, TimeUnit.SECONDS)).as("all threads came through").isTrue();
      processor.stop(generously());

      if (letsAllThrough()) assertThat(next.items()).isEqualTo(threads * 1000L);
    }
  }
}
