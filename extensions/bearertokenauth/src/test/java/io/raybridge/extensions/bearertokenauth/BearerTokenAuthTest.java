package io.raybridge.extensions.bearertokenauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Context;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.Authenticator.AuthenticationException;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerTokenAuthTest implements ExtensionContract<BearerTokenAuthConfig> {
  @TempDir Path dir;

  @Override
  public ExtensionFactory<BearerTokenAuthConfig> factory() {
    return new BearerTokenAuthFactory();
  }

  @Override
  public String yaml() {
    return "token: abc\n";
  }

  @Test
  void extension_isWhatItsFactorySaysItOffers() {
    assertThat(factory().offers())
        .containsExactlyInAnyOrder(Authenticator.class, HeaderAuthenticator.class)
        .allMatch(each -> each.isInstance(made("token: abc")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token: abc|authorization|Bearer abc",
        "{token: abc, scheme: ''}|authorization|abc",
        "{token: abc, scheme: Token, header: X-Api-Key}|x-api-key|Token abc",
      })
  void token_isSent(String yaml, String header, String value) throws Exception {
    var auth = made(yaml);

    assertThat(auth.proof()).containsExactly(Map.entry(header, value));
  }

  @Test
  void fileThatChanges_isReadAgain() throws Exception {
    var file = Files.writeString(dir.resolve("token"), "first\nsecond line\n");
    var auth = made("{token: ignored, filename: " + file + "}");
    assertThat(auth.proof()).containsValue("Bearer first");

    Files.writeString(dir.resolve("new"), "renewed\n");
    Files.move(dir.resolve("new"), file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(auth.proof()).containsValue("Bearer renewed");
  }

  @Test
  void fileWithoutToken_isNamed() throws Exception {
    var file = dir.resolve("token");
    var auth = new BearerTokenAuth(config("filename: " + file), newContext());

    assertThatThrownBy(auth::start).hasMessageContaining(file + " is not there (expected");
    Files.writeString(file, "  \n");
    assertThatThrownBy(auth::proof)
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("holds no token (expected: one on its first line)");
    Files.writeString(file, "token\u00fc\n");
    assertThatThrownBy(auth::proof)
        .hasMessageContaining("holds no token")
        .hasMessageNotContaining("\u00fc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|token: missing required key",
        "token: \u00fc|token: has characters that no header takes",
        "{token: a, header: 'x y'}|header: x y (expected: the name of a header field)",
        "tokens: [a]|not built in yet: receivers ask nobody",
      })
  void wrongKeys_areNamed(String yaml, String part) {
    assertThat(Binder.bind(BearerTokenAuthConfig.class, yaml).problems())
        .extracting(Problem::toString)
        .anySatisfy(problem -> assertThat(problem).contains(part));
  }

  private HeaderAuthenticator made(String yaml) {
    return (HeaderAuthenticator) factory().create(config(yaml), newContext());
  }

  private static BearerTokenAuthConfig config(String yaml) {
    return Binder.bind(BearerTokenAuthConfig.class, yaml).orThrow();
  }

  private static Context newContext() {
    return TestContext.of(Kind.EXTENSION, "bearertokenauth").context();
  }
}
