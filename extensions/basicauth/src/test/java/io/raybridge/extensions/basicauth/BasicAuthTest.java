package io.raybridge.extensions.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BasicAuthTest implements ExtensionContract<BasicAuthConfig> {
  @TempDir Path dir;

  @Override
  public ExtensionFactory<BasicAuthConfig> factory() {
    return new BasicAuthFactory();
  }

  @Override
  public String yaml() {
    return "client_auth: {username: Aladdin, password: open sesame}\n";
  }

  @Test
  void extension_isWhatItsFactorySaysItOffers() {
    assertThat(factory().offers())
        .containsExactlyInAnyOrder(Authenticator.class, HeaderAuthenticator.class)
        .allMatch(each -> each.isInstance(made(yaml())));
  }

  /** The example of RFC 7617. */
  @Test
  void nameAndPassword_areSent() throws Exception {
    assertThat(made(yaml()).proof())
        .containsExactly(Map.entry("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
  }

  @Test
  void files_areReadAgain() throws Exception {
    var name = Files.writeString(dir.resolve("name"), "Aladdin\n");
    var password = Files.writeString(dir.resolve("password"), "old\n");
    var auth = made("client_auth: {username_file: " + name + ", password_file: " + password + "}");
    assertThat(auth.proof()).doesNotContainValue("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");

    Files.writeString(password, "open sesame\n");
    assertThat(auth.proof()).containsValue("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");

    Files.delete(password);
    assertThatThrownBy(auth::proof).hasMessageContaining("password_file: " + password + " is not");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|client_auth: missing required key",
        "client_auth: {username: a}|password: is missing (expected: password or password_file)",
        "client_auth: {password: a}|username: is missing (expected: username or username_file)",
        "client_auth: {username: 'a:b', password: a}|username: has a colon",
        "htpasswd: {inline: a}|not built in yet: receivers ask nobody",
      })
  void wrongKeys_areNamed(String yaml, String part) {
    assertThat(Binder.bind(BasicAuthConfig.class, yaml).problems())
        .extracting(Problem::toString)
        .anySatisfy(problem -> assertThat(problem).contains(part));
  }

  private HeaderAuthenticator made(String yaml) {
    var config = Binder.bind(BasicAuthConfig.class, yaml).orThrow();
    return (HeaderAuthenticator)
        factory().create(config, TestContext.of(Kind.EXTENSION, "basicauth").context());
  }
}
