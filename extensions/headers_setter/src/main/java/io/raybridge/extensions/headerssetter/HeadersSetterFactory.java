package io.raybridge.extensions.headerssetter;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.util.Set;

/** Makes extensions that set header fields of requests, from what clients sent too. */
public final class HeadersSetterFactory implements ExtensionFactory<HeadersSetterConfig> {
  @Override
  public Descriptor<HeadersSetterConfig> descriptor() {
    return Descriptor.of("headers_setter", HeadersSetterConfig.class, Stability.BETA);
  }

  @Override
  public Extension create(HeadersSetterConfig config, Context context) {
    return new HeadersSetter(config);
  }

  @Override
  public Set<Class<?>> offers() {
    return Set.of(Authenticator.class, HeaderAuthenticator.class);
  }
}
