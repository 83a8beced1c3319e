package io.raybridge.extensions.basicauth;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.util.Set;

/** Makes extensions that send a name and a password. */
public final class BasicAuthFactory implements ExtensionFactory<BasicAuthConfig> {
  @Override
  public Descriptor<BasicAuthConfig> descriptor() {
    return Descriptor.of("basicauth", BasicAuthConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(BasicAuthConfig config, Context context) {
    return new BasicAuth(config);
  }

  @Override
  public Set<Class<?>> offers() {
    return Set.of(Authenticator.class, HeaderAuthenticator.class);
  }
}
