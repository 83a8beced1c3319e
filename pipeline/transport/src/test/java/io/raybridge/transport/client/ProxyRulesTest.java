package io.raybridge.transport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {
  @Test
  void schemeDecides_whichVariableIsUsed() {
    var rules = rules(Map.of("HTTP_PROXY", "http://plain:1", "https_proxy", "secure:2"));

    assertThat(proxy(rules, "http://x")).isEqualTo("http://plain:1");
    assertThat(proxy(rules, "https://x")).isEqualTo("http://secure:2");
  }

  @ParameterizedTest
  @CsvSource({
    "https://localhost:8443, direct",
    "https://127.0.0.9, direct",
    "https://[::1]:1, direct",
    "https://foo.com, direct",
    "https://a.foo.com, direct",
    "https://barfoo.com, proxy",
    "https://sub.only.org, direct",
    "https://only.org, proxy",
    "https://a.star.net, direct",
    "https://ported.com:99, direct",
    "https://ported.com, proxy",
    "https://10.1.2.3, direct",
    "https://10.2.2.3, proxy",
    "https://192.168.0.7, direct",
    "https://[fd00::1], direct",
    "https://xray.us-east-1.amazonaws.com, proxy",
  })
  void noProxy_isReadAsGoDoes(String url, String way) {
    var rules =
        rules(
            Map.of(
                "HTTPS_PROXY",
                "http://p:1",
                "NO_PROXY",
                "foo.com, .only.org,*.star.net,ported.com:99,10.1.0.0/16,192.168.0.7, fd00::/8,,"));

    assertThat(proxy(rules, url)).isEqualTo(way.equals("proxy") ? "http://p:1" : "");
  }

  @Test
  void star_meansNoProxyAtAll() {
    assertThat(proxy(rules(Map.of("HTTPS_PROXY", "p:1", "no_proxy", "*")), "https://x")).isEmpty();
  }

  @Test
  void explicitProxy_servesLoopbackToo() {
    assertThat(proxy(ProxyRules.all(Proxy.of("p:1")), "https://localhost")).isEqualTo("http://p:1");
  }

  @Test
  void credentials_areDecodedAndNeverPrinted() {
    var proxy = Proxy.of("http://me:s%40cret@p:1");

    assertThat(proxy.authorization()).isEqualTo("Basic bWU6c0BjcmV0");
    assertThat(proxy.toString()).isEqualTo("http://p:1");
  }

  @Test
  void wrongAddress_saysWhatWasExpected() {
    assertThatThrownBy(() -> rules(Map.of("HTTPS_PROXY", "socks5://p:1")))
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageContaining("socks5")
        .hasMessageContaining("expected: http");
  }

  private static ProxyRules rules(Map<String, String> environment) {
    return ProxyRules.environment(environment::get);
  }

  private static String proxy(ProxyRules rules, String url) {
    var proxy = rules.proxyFor(Origin.of(URI.create(url)));
    return proxy == null ? "" : proxy.toString();
  }
}
