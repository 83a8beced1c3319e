package io.raybridge.extensions.bearertokenauth;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Keys under {@code extensions.bearertokenauth}. */
@Absent(
    keys = "tokens",
    notYet = "receivers ask nobody for a token; to send one, set token or filename")
public record BearerTokenAuthConfig(
    @Key(doc = "The header field to send.", def = "Authorization") String header,
    @Key(doc = "What stands before the token, with a space between; may be empty.", def = "Bearer")
        String scheme,
    @Key(doc = "The token.") Optional<Secret> token,
    @Key(
            doc =
                "File that holds the token, on its first line; wins over token. A file that changes"
                    + " is read again.")
        Optional<Path> filename) {

  public BearerTokenAuthConfig {
    if (token.isEmpty() && filename.isEmpty()) {
      throw new Invalid("token", "missing required key \"token\" (expected: token or filename)");
    }
    if (!header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
      throw new Invalid("header", header + " (expected: the name of a header field)");
    }
    token.ifPresent(secret -> check(secret.reveal()));
  }

  private static void check(String token) {
    if (!isSendable(token)) {
      throw new Invalid("token", "has characters that no header takes (expected: a token)");
    }
  }

  /** Whether it is something, and a header field can hold it. */
  static boolean isSendable(String token) {
    return !token.isBlank() && token.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  String headerName() {
    return header.toLowerCase(Locale.ROOT);
  }

  String prefix() {
    return scheme.isEmpty() ? "" : scheme + " ";
  }
}
