package io.raybridge.extensions.headerssetter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.data.ClientMetadata;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.Authenticator.AuthenticationException;
import io.raybridge.transport.client.HeaderAuthenticator;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.Origin;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersSetterTest implements ExtensionContract<HeadersSetterConfig> {
  private static final String TENANT =
      "headers: [{key: X-Scope-OrgID, from_context: X-Tenant, default_value: nobody}]";

  @Override
  public ExtensionFactory<HeadersSetterConfig> factory() {
    return new HeadersSetterFactory();
  }

  @Override
  public String yaml() {
    return "headers: [{key: a, value: b}]\n";
  }

  /** A list without defaults cannot be empty. */
  @Override
  @Test
  public void defaults_areValid() {
    assertThat(Binder.bind(HeadersSetterConfig.class, "{}").problems().toString())
        .contains("headers");
  }

  @Test
  void extension_isWhatItsFactorySaysItOffers() {
    assertThat(factory().offers())
        .containsExactlyInAnyOrder(Authenticator.class, HeaderAuthenticator.class)
        .allMatch(each -> each.isInstance(made(TENANT)));
  }

  @Test
  void clientsField_isSentOrItsDefault() throws Exception {
    var auth = made(TENANT);

    assertThat(auth.wants().names()).containsExactly("x-tenant");
    assertThat(auth.of(client("shop")).proof()).isEqualTo(Map.of("x-scope-orgid", "shop"));
    assertThat(auth.of(client("")).proof()).isEqualTo(Map.of("x-scope-orgid", ""));
    assertThat(auth.of(null).proof()).isEqualTo(Map.of("x-scope-orgid", "nobody"));
    assertThat(sent(auth, client("shop"), "Content-Type", "a"))
        .isEqualTo(Map.of("Content-Type", "a", "X-Scope-OrgID", "shop"));
  }

  @Test
  void fieldThatCameTwiceOrThatNoHeaderBears_isNoneToSend() {
    var auth = made(TENANT);

    assertThatThrownBy(() -> auth.of(client("a", "b")).proof())
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("2 fields X-Tenant");
    assertThatThrownBy(() -> auth.of(client("a\r\nX: b")).proof())
        .isInstanceOf(AuthenticationException.class)
        .hasMessageNotContaining("X: b");
  }

  @ParameterizedTest
  @CsvSource({
    "upsert, new",
    "insert, old",
    "update, new",
    "delete,",
  })
  void actions_actOnTheFieldsOfARequest(String action, String there) throws Exception {
    var auth = made("headers: [{action: " + action + ", key: x-one, value: new}]");

    var before = sent(auth, null, "X-One", "old");
    var without = sent(auth, null);

    assertThat(before.values())
        .containsExactlyElementsOf(there == null ? List.of() : List.of(there));
    boolean adds = action.equals("upsert") || action.equals("insert");
    assertThat(without).isEqualTo(adds ? Map.of("x-one", "new") : Map.of());
    assertThat(auth.proof()).isEqualTo(without);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "headers: [] | headers",
        "headers: [{value: a}] | key",
        "headers: [{key: 'a b', value: a}] | header field's name",
        "headers: [{key: a}] | neither",
        "headers: [{key: a, value: b, from_context: c}] | both",
        "headers: [{key: a, value: \"b\\u0001\"}] | no header bears",
        "headers: [{key: a, from_attribute: b}] | not built in yet",
        "headers: [{key: a, value_file: b}] | not built in yet",
        "{headers: [{key: a, value: b}], additional_auth: c} | not built in yet",
      })
  void wrongConfiguration_isRefused(String yaml, String message) {
    assertThat(Binder.bind(HeadersSetterConfig.class, yaml).problems().toString())
        .contains(message);
  }

  private HeaderAuthenticator made(String yaml) {
    var config = Binder.bind(HeadersSetterConfig.class, yaml).orThrow();
    var context = TestContext.of(Kind.EXTENSION, "headers_setter");
    return (HeaderAuthenticator) factory().create(config, context.context());
  }

  private static ClientMetadata client(String... tenants) {
    return ClientMetadata.of(List.of("x-tenant"), _ -> List.of(tenants));
  }

  private static Map<String, String> sent(
      HeaderAuthenticator auth, ClientMetadata client, String... fields) throws Exception {
    var headers = new Headers();
    for (int i = 0; i < fields.length; i += 2) headers.add(fields[i], fields[i + 1]);
    var origin = Origin.of(URI.create("http://localhost:1"));
    var request = new HttpRequest("POST", origin, "/", headers, List.of(), Duration.ofSeconds(1));
    auth.of(client).authenticate(request);
    var all = new LinkedHashMap<String, String>();
    headers.forEach(all::put);
    return all;
  }
}
