package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Key;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A contract that no component can break would promise nothing: here each one is broken. */
class ContractTest {
  /** A configuration with a key. */
  record Config(@Key(doc = "A number.", def = "1", min = 0) int number) {}

  /** An exporter that does what a test says. */
  private record Exporting(Exporter exporter) implements ExporterFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Descriptor.of("broken", Config.class, Stability.DEVELOPMENT, Signal.TRACES);
    }

    @Override
    public Exporter create(Config config, Context context) {
      return exporter;
    }
  }

  private record OfExporter(ExporterFactory<Config> factory) implements ExporterContract<Config> {
    @Override
    public String yaml() {
      return "number: 2";
    }

    @Override
    public Duration patience() {
      return Duration.ofMillis(50);
    }
  }

  private record OfProcessor(ProcessorFactory<Config> factory)
      implements ProcessorContract<Config> {
    @Override
    public String yaml() {
      return "number: 2";
    }
  }

  @Test
  void exporterThatCountsNothing_isFound() {
    var contract =
        exporter(
            new Exporter() {
              @Override
              public Consumer<Traces> traces() {
                return _ -> Outcome.ACCEPTED;
              }
            });

    assertThatThrownBy(contract::items_addUpInTheLedger).hasMessageContaining("accepted");
  }

  @Test
  void exporterThatChangesBatches_isFound() {
    var contract =
        exporter(
            new Exporter() {
              @Override
              public Consumer<Traces> traces() {
                return batch -> {
                  batch.forEachSpan(span -> span.name("changed"));
                  return Outcome.ACCEPTED;
                };
              }
            });

    assertThatThrownBy(contract::mutates_isHonest).isInstanceOf(AssertionError.class);
  }

  @Test
  void exporterWithoutTheSignalItClaims_isFound() {
    assertThatThrownBy(exporter(new Exporter() {})::signals_areThoseClaimed)
        .hasMessageContaining("does not support traces");
  }

  @Test
  void threadLeftBehind_isFound() {
    var end = new CountDownLatch(1);
    var contract =
        exporter(
            new Exporter() {
              @Override
              public void start() {
                Thread.ofPlatform()
                    .name("left behind")
                    .daemon()
                    .start(() -> {
                      try {
                        end.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    });
              }
            });
    try {
      assertThatThrownBy(contract::stop_leavesNoThreadAndMayBeRepeated)
          .hasMessageContaining("left behind");
    } finally {
      end.countDown();
    }
  }

  @Test
  void stopThatNeedsAStart_isFound() {
    var contract =
        exporter(
            new Exporter() {
              @Override
              public void stop(Deadline deadline) {
                throw new IllegalStateException("not started");
              }
            });

    assertThatThrownBy(contract::stopWithoutStart_isSafe).hasMessage("not started");
  }

  @Test
  void factoryThatNobodyFinds_isFound() {
    assertThatThrownBy(exporter(new Exporter() {})::serviceFile_namesTheFactory)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void soundConfiguration_passes() {
    var contract = exporter(new Exporter() {});

    contract.defaults_areValid();
    contract.unknownKey_isReportedWithItsLine();
    assertThat(contract.config().number()).isEqualTo(2);
  }

  @Test
  void processorThatLosesWhatItAcknowledged_isFound() {
    var contract =
        processor(next ->
            batch -> {
              assertThat(next.consume(batch)).isNotNull();
              return Outcome.ACCEPTED;
            });

    assertThatThrownBy(contract::items_areHandedOnOnceOrRefused)
        .hasMessageContaining("acknowledged and lost");
    assertThatThrownBy(contract::outcomeOfTheNext_isTheAnswer).isInstanceOf(AssertionError.class);
  }

  @Test
  void processorThatSendsTwice_isFound() {
    var contract =
        processor(next ->
            batch -> {
              var outcome = next.consume(batch.copy());
              return outcome == Outcome.ACCEPTED ? next.consume(batch) : outcome;
            });

    assertThatThrownBy(contract::items_areHandedOnOnceOrRefused)
        .hasMessageContaining("items offered to the next");
  }

  @Test
  void soundProcessor_passes() throws Exception {
    var contract = processor(next -> next);

    contract.signals_areThoseClaimed();
    contract.outcomeOfTheNext_isTheAnswer();
    contract.items_areHandedOnOnceOrRefused();
    contract.mutates_isHonest();
    contract.batches_mayComeFromManyThreads();
  }

  private static OfExporter exporter(Exporter exporter) {
    return new OfExporter(new Exporting(exporter));
  }

  /** What a processor does, for traces. */
  private interface Work {
    Consumer<Traces> before(Consumer<Traces> next);
  }

  private static OfProcessor processor(Work work) {
    return new OfProcessor(
        new ProcessorFactory<>() {
          @Override
          public Descriptor<Config> descriptor() {
            return Descriptor.of("broken", Config.class, Stability.DEVELOPMENT, Signal.TRACES);
          }

          @Override
          public Processor create(Config config, Context context) {
            return new Processor() {
              @Override
              public Consumer<Traces> traces(Consumer<Traces> next) {
                return work.before(next);
              }
            };
          }
        });
  }
}
