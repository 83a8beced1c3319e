package io.raybridge.extensions.bearertokenauth;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.util.Set;

/** Makes extensions that send a token. */
public final class BearerTokenAuthFactory implements ExtensionFactory<BearerTokenAuthConfig> {
  @Override
  public Descriptor<BearerTokenAuthConfig> descriptor() {
    return Descriptor.of("bearertokenauth", BearerTokenAuthConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(BearerTokenAuthConfig config, Context context) {
    return new BearerTokenAuth(config, context);
  }

  @Override
  public Set<Class<?>> offers() {
    return Set.of(Authenticator.class, HeaderAuthenticator.class);
  }
}
