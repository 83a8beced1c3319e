package io.raybridge.extensions.sigv4auth;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.transport.client.Authenticator;
import java.util.Set;

/** Makes extensions that sign requests to AWS. */
public final class SigV4AuthFactory implements ExtensionFactory<SigV4AuthConfig> {
  @Override
  public Descriptor<SigV4AuthConfig> descriptor() {
    return Descriptor.of("sigv4auth", SigV4AuthConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(SigV4AuthConfig config, Context context) {
    return new SigV4Auth(config.signer(), context);
  }

  @Override
  public Set<Class<?>> offers() {
    return Set.of(Authenticator.class);
  }
}
