package io.raybridge.extensions.bearertokenauth;

import io.raybridge.api.Context;
import io.raybridge.api.Extension;
import io.raybridge.api.FileFault;
import io.raybridge.api.FileMark;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends a token, from the configuration or from a file that somebody else renews. */
final class BearerTokenAuth implements Extension, HeaderAuthenticator {
  private final BearerTokenAuthConfig config;
  private final Context context;
  private volatile @Nullable Read last;

  /**
   * What a file held.
   *
   * @param mark tells this content from a later one
   */
  private record Read(FileMark mark, String token) {}

  BearerTokenAuth(BearerTokenAuthConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public void start() throws IOException {
    if (config.filename().isEmpty()) return;
    try {
      var _ = read(config.filename().get());
    } catch (AuthenticationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Map<String, String> proof() throws AuthenticationException {
    String token =
        config.filename().isPresent()
            ? read(config.filename().get())
            : config.token().orElseThrow().reveal();
    return Map.of(config.headerName(), config.prefix() + token);
  }

  /** A file that changed is read again: looking whether it did costs a microsecond. */
  private String read(Path file) throws AuthenticationException {
    try {
      var mark = FileMark.of(file);
      var known = last;
      if (known != null && known.mark().equals(mark)) return known.token();
      String token = Files.readString(file).lines().findFirst().orElse("").strip();
      if (!BearerTokenAuthConfig.isSendable(token)) {
        throw missing("filename: " + file + " holds no token (expected: one on its first line)");
      }
      if (known != null) {
        context.log().log(System.Logger.Level.INFO, "the token in {0} was read again", file);
      }
      last = new Read(mark, token);
      return token;
    } catch (NoSuchFileException e) {
      throw missing("filename: " + file + " is not there (expected: a file with the token)");
    } catch (IOException e) {
      throw missing("filename: " + file + " cannot be read: " + FileFault.of(e));
    }
  }

  private static AuthenticationException missing(String why) {
    return new AuthenticationException(why, null);
  }
}
