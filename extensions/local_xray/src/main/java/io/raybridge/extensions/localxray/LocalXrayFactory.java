package io.raybridge.extensions.localxray;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;

/** Makes {@code local_xray}. */
public final class LocalXrayFactory implements ExtensionFactory<LocalXrayConfig> {
  @Override
  public Descriptor<LocalXrayConfig> descriptor() {
    return Descriptor.of("local_xray", LocalXrayConfig.class, Descriptor.Stability.ALPHA);
  }

  @Override
  public Extension create(LocalXrayConfig config, Context context) {
    return new LocalXrayExtension(config, context);
  }
}
