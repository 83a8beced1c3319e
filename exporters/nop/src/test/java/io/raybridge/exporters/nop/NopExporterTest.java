package io.raybridge.exporters.nop;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Signal;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.RecordingLedger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NopExporterTest implements ExporterContract<NopExporterConfig> {
  @Override
  public NopExporterFactory factory() {
    return new NopExporterFactory();
  }

  @Override
  public String yaml() {
    return "";
  }

  @ParameterizedTest
  @EnumSource
  void batching_isTakenOver_soThatNoClientWaitsForABatch(Signal signal) {
    assertThat(new NopExporter(new RecordingLedger()).batching(signal)).isPresent();
  }
}
