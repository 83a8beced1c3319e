package io.raybridge.exporters.nop;

import io.raybridge.testkit.ExporterContract;

class NopExporterTest implements ExporterContract<NopExporterConfig> {
  @Override
  public NopExporterFactory factory() {
    return new NopExporterFactory();
  }

  @Override
  public String yaml() {
    return "";
  }
}
