package io.raybridge.extensions.basicauth;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** Keys under {@code extensions.basicauth}. */
@Absent(
    keys = "htpasswd",
    notYet = "receivers ask nobody for a password; to send one, set client_auth")
public record BasicAuthConfig(@Key(doc = "Who sends.") Optional<ClientAuth> clientAuth) {

  /** Keys under {@code client_auth}. */
  public record ClientAuth(
      @Key(doc = "The user's name.") Optional<String> username,
      @Key(doc = "The password.") Optional<Secret> password,
      @Key(doc = "File that holds the name instead. A file that changes is read again.")
          Optional<Path> usernameFile,
      @Key(doc = "File that holds the password instead. A file that changes is read again.")
          Optional<Path> passwordFile) {

    public ClientAuth {
      if (username.isEmpty() && usernameFile.isEmpty()) {
        throw new Invalid("username", "is missing (expected: username or username_file)");
      }
      if (password.isEmpty() && passwordFile.isEmpty()) {
        throw new Invalid("password", "is missing (expected: password or password_file)");
      }
      if (username.filter(name -> name.contains(":")).isPresent()) {
        throw new Invalid("username", "has a colon, where the password would begin");
      }
    }
  }

  public BasicAuthConfig {
    if (clientAuth.isEmpty()) {
      throw new Invalid(
          "client_auth", "missing required key \"client_auth\" (expected: username and password)");
    }
  }
}
