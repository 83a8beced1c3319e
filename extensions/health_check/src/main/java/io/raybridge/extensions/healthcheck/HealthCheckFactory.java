package io.raybridge.extensions.healthcheck;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;

/** Makes extensions that tell whether the collector runs. */
public final class HealthCheckFactory implements ExtensionFactory<HealthCheckConfig> {
  @Override
  public Descriptor<HealthCheckConfig> descriptor() {
    return Descriptor.of("health_check", HealthCheckConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(HealthCheckConfig config, Context context) {
    return new HealthCheck(config, context);
  }
}
