package io.raybridge.extensions.basicauth;

import io.raybridge.api.Extension;
import io.raybridge.api.FileFault;
import io.raybridge.api.Secret;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Sends a name and a password. */
final class BasicAuth implements Extension, HeaderAuthenticator {
  private final BasicAuthConfig.ClientAuth client;

  BasicAuth(BasicAuthConfig config) {
    client = config.clientAuth().orElseThrow();
  }

  @Override
  public void start() throws IOException {
    try {
      var _ = proof();
    } catch (AuthenticationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  // Files of a line are read for each request: that takes microseconds, and none is stale.
  @Override
  public Map<String, String> proof() throws AuthenticationException {
    String name =
        client.usernameFile().isPresent()
            ? read("username_file", client.usernameFile().get())
            : client.username().orElseThrow();
    if (name.contains(":")) {
      throw missing("client_auth.username_file: the name has a colon, where the password begins");
    }
    String password =
        client.passwordFile().isPresent()
            ? read("password_file", client.passwordFile().get())
            : client.password().map(Secret::reveal).orElseThrow();
    var both = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return Map.of("authorization", "Basic " + Base64.getEncoder().encodeToString(both));
  }

  private static String read(String key, Path file) throws AuthenticationException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw missing("client_auth." + key + ": " + file + " is not there (expected: a file)");
    } catch (IOException e) {
      throw missing("client_auth." + key + ": " + file + " cannot be read: " + FileFault.of(e));
    }
  }

  private static AuthenticationException missing(String why) {
    return new AuthenticationException(why, null);
  }
}
