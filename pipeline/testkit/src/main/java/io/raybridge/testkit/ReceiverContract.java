package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Component;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every receiver keeps to. A receiver's test supplies a client of its protocol. */
public interface ReceiverContract<C extends Record> extends ComponentContract<C> {
  @Override
  ReceiverFactory<C> factory();

  /** A client that is connected to a started receiver. */
  Client connect(Receiver receiver, Signal signal) throws Exception;

  /** Sends in the receiver's protocol. */
  interface Client extends AutoCloseable {
    /**
     * Sends a batch and reads the answer as the outcome that the protocol says with it.
     *
     * @throws IOException when there is nobody to answer
     */
    Outcome send(Batch batch) throws IOException, InterruptedException;

    @Override
    void close();
  }

  /** What a client can see of an outcome; for protocols that cannot say everything. */
  default Outcome visible(Outcome outcome) {
    return outcome;
  }

  @Override
  default Component create(C config, TestContext context) {
    return factory()
        .create(config, Port.outputs(Signal.TRACES, _ -> Outcome.ACCEPTED), context.context());
  }

  @Test
  default void everyOutcome_isSaidInTheProtocol() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var next = new RecordingConsumer<Batch>();
      var receiver = factory().create(config(), Port.outputs(signal, next), context().context());
      receiver.start();
      try (var client = connect(receiver, signal)) {
        for (var outcome :
            List.of(
                Outcome.ACCEPTED,
                new Outcome.Partial(2, "two are wrong"),
                Outcome.unavailable("down"),
                Outcome.overloaded("busy", Duration.ofSeconds(3)),
                Outcome.invalid("wrong"),
                Outcome.failed("bug"))) {
          next.alwaysAnswering(outcome);

          assertThat(shape(client.send(Numbered.batch(signal, 0, 5))))
              .as("%s of %s", outcome, signal.key())
              .isEqualTo(shape(visible(outcome)));
        }
      } finally {
        receiver.stop(generously());
      }
    }
  }

  @Test
  default void items_areAcceptedOnceOrRefusedToTheClient() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var next = new Chance(17);
      var receiver = factory().create(config(), Port.outputs(signal, next), context().context());
      receiver.start();
      var random = new Random(19);
      Set<Long> acknowledged = new HashSet<>();
      try (var client = connect(receiver, signal)) {
        long first = 0;
        for (int i = 0; i < 100; i++) {
          int items = 1 + random.nextInt(20);
          if (client.send(Numbered.batch(signal, first, items)) instanceof Outcome.Accepted) {
            for (long n = first; n < first + items; n++) acknowledged.add(n);
          }
          first += items;
        }
      } finally {
        receiver.stop(generously());
      }

      assertThat(next.accepted()).doesNotHaveDuplicates();
      assertThat(Set.copyOf(next.accepted())).isEqualTo(acknowledged);
    }
  }

  @Test
  default void signalWithoutPipeline_isNotAccepted() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var nobody = new Outputs(Optional.empty(), Optional.empty(), Optional.empty());
      var receiver = factory().create(config(), nobody, context().context());
      receiver.start();
      try (var client = connect(receiver, signal)) {
        assertThat(sendOrNull(client, signal)).isNotEqualTo(Outcome.ACCEPTED);
      } catch (IOException e) {
        assertThat(e).as("nobody listens, which says it too").isNotNull();
      } finally {
        receiver.stop(generously());
      }
    }
  }

  @Test
  default void stopped_callsItsOutputsNoMore() throws Exception {
    for (var signal : factory().descriptor().signals()) {
      var next = new RecordingConsumer<Batch>();
      var receiver = factory().create(config(), Port.outputs(signal, next), context().context());
      receiver.start();
      try (var client = connect(receiver, signal)) {
        assertThat(client.send(Numbered.batch(signal, 0, 1))).isEqualTo(Outcome.ACCEPTED);
        receiver.stop(generously());

        assertThat(sendOrNull(client, signal)).isNotEqualTo(Outcome.ACCEPTED);
      }
      assertThat(next.items()).isEqualTo(1);
    }
  }

  private static @Nullable Outcome sendOrNull(Client client, Signal signal)
      throws InterruptedException {
    try {
      return client.send(Numbered.batch(signal, 100, 1));
    } catch (IOException e) {
      return null;
    }
  }

  /** An outcome without its words. */
  private static Outcome shape(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted accepted -> accepted;
      case Outcome.Partial partial -> new Outcome.Partial(partial.rejectedItems(), "");
      case Outcome.Retry retry -> new Outcome.Retry(retry.cause(), "", retry.after());
      case Outcome.Rejected rejected -> new Outcome.Rejected(rejected.fault(), "");
    };
  }
}
