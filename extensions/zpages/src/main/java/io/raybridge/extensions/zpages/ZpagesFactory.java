package io.raybridge.extensions.zpages;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;

/** Makes extensions that show what the collector tells of itself. */
public final class ZpagesFactory implements ExtensionFactory<ZpagesConfig> {
  @Override
  public Descriptor<ZpagesConfig> descriptor() {
    return Descriptor.of("zpages", ZpagesConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(ZpagesConfig config, Context context) {
    return new Zpages(config, context);
  }
}
