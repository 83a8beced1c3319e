package io.raybridge.extensions.awsproxy;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;

/** Makes extensions that answer SDKs' calls for sampling rules. */
public final class AwsProxyFactory implements ExtensionFactory<AwsProxyConfig> {
  @Override
  public Descriptor<AwsProxyConfig> descriptor() {
    return Descriptor.of("awsproxy", AwsProxyConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(AwsProxyConfig config, Context context) {
    return new AwsProxy(config, context);
  }
}
