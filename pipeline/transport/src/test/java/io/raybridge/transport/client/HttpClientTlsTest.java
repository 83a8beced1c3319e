package io.raybridge.transport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.raybridge.testkit.SelfSigned;
import io.raybridge.transport.client.HttpException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpClientTlsTest {
  @TempDir static Path folder;
  private static SelfSigned localhost;
  private static SelfSigned other;
  private @Nullable HttpClient client;

  @BeforeAll
  static void certificates() throws Exception {
    localhost = SelfSigned.of(folder, "localhost");
    other = SelfSigned.of(folder, "other.example.com");
  }

  @AfterEach
  void close() {
    if (client != null) client.close();
  }

  @Test
  void certificateOfATrustedFile_isAccepted() throws Exception {
    try (var server = server(localhost)) {
      use(ClientTls.systemAnd(localhost.pem()), ProxyRules.none());

      assertThat(send(server.origin()).excerpt()).isEqualTo("secret");
      assertThat(send(server.origin()).excerpt()).isEqualTo("secret");
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void serverOfAnotherName_isAcceptedWhereThatIsExpected() throws Exception {
    try (var server = server(other)) {
      use(ClientTls.systemAnd(other.pem()).expecting("other.example.com"), ProxyRules.none());
      assertThat(send(server.origin()).excerpt()).isEqualTo("secret");
      close();

      use(ClientTls.systemAnd(other.pem()).expecting("third.example.com"), ProxyRules.none());
      assertThat(failure(server.origin())).hasMessageContaining("third.example.com");
    }
  }

  @Test
  void secondConnection_resumesTheSession() throws Exception {
    var sessions = new CopyOnWriteArrayList<Long>();
    try (var server =
        new RawServer(
            localhost.context().getServerSocketFactory(),
            true,
            c -> {
              c.request();
              sessions.add(((SSLSocket) c.socket).getSession().getCreationTime());
              c.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            })) {
      use(ClientTls.systemAnd(localhost.pem()), ProxyRules.none());
      for (int i = 0; i < 3; i++) send(server.origin());

      assertThat(server.connections).hasValue(3);
      assertThat(sessions.get(2)).as("made with the first connection").isEqualTo(sessions.get(0));
    }
  }

  @Test
  void unknownAuthority_isATlsFailure() throws Exception {
    try (var server = server(localhost)) {
      use(ClientTls.system(), ProxyRules.none());

      assertThat(failure(server.origin()).reason()).isEqualTo(Reason.TLS);
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void certificateForAnotherName_isATlsFailure() throws Exception {
    try (var server = server(other)) {
      use(ClientTls.systemAnd(other.pem()), ProxyRules.none());

      var why = failure(server.origin());

      assertThat(why.reason()).isEqualTo(Reason.TLS);
      assertThat(why).hasMessageContaining("localhost");
    }
  }

  @Test
  void insecureClient_acceptsAnyCertificate() throws Exception {
    try (var server = server(other)) {
      use(ClientTls.insecure(), ProxyRules.none());

      assertThat(send(server.origin()).excerpt()).isEqualTo("secret");
    }
  }

  @Test
  void serverWithoutTls_isATlsFailure() throws Exception {
    try (var server = new RawServer(c -> c.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
      use(ClientTls.system(), ProxyRules.none());
      var origin = new Origin(true, "localhost", server.origin().port());

      assertThat(failure(origin).reason()).isEqualTo(Reason.TLS);
    }
  }

  @Test
  void silentHandshake_timesOut() throws Exception {
    try (var server = new RawServer(RawServer.Connection::hang)) {
      var settings = HttpClientSettings.defaults();
      client =
          new HttpClient(
              new HttpClientSettings(
                  Duration.ofMillis(200),
                  settings.idleTimeout(),
                  1,
                  1024,
                  settings.tls(),
                  settings.proxies()));
      var origin = new Origin(true, "localhost", server.origin().port());

      assertThat(failure(origin).reason()).isEqualTo(Reason.CONNECT_TIMEOUT);
    }
  }

  @Test
  void missingAuthorityFile_isNamed() throws Exception {
    try (var server = server(localhost)) {
      use(ClientTls.systemAnd(folder.resolve("no-such.pem")), ProxyRules.none());

      assertThat(failure(server.origin())).hasMessageContaining("no-such.pem");
    }
  }

  @Test
  void fileThatIsNoPem_isNamed() throws Exception {
    var file = Files.writeString(folder.resolve("bad.pem"), "-----BEGIN CERTIFICATE-----\nxx\n");
    try (var server = server(localhost)) {
      use(ClientTls.systemAnd(file), ProxyRules.none());

      assertThat(failure(server.origin())).hasMessageContaining("bad.pem");
    }
  }

  @Test
  void proxy_tunnelsToATlsOrigin() throws Exception {
    try (var server = server(localhost);
        var proxy = new RawServer(c -> tunnel(c, server.origin().port()))) {
      var address = "http://me:secret@localhost:" + proxy.origin().port();
      use(ClientTls.systemAnd(localhost.pem()), ProxyRules.all(Proxy.of(address)));

      assertThat(send(server.origin()).excerpt()).isEqualTo("secret");
      assertThat(send(server.origin()).excerpt()).isEqualTo("secret");
      assertThat(proxy.requests)
          .singleElement()
          .asString()
          .startsWith("CONNECT localhost:" + server.origin().port() + " HTTP/1.1\r\n")
          .containsIgnoringCase("proxy-authorization: Basic bWU6c2VjcmV0\r\n");
      assertThat(server.requests).hasSize(2).allMatch(r -> !r.contains("roxy-"));
    }
  }

  @Test
  void proxyThatRefuses_isAProxyFailure() throws Exception {
    try (var proxy =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
          c.hang();
        })) {
      use(ClientTls.system(), ProxyRules.all(new Proxy(proxy.origin(), null, null)));

      var why = failure(new Origin(true, "xray.us-east-1.amazonaws.com", 443));

      assertThat(why.reason()).isEqualTo(Reason.PROXY);
      assertThat(why).hasMessageContaining("407").hasMessageContaining(proxy.origin().toString());
    }
  }

  @Test
  void proxyThatIsNotThere_isRefused() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var proxy = new Origin(false, "127.0.0.1", taken.getLocalPort());
      use(ClientTls.system(), ProxyRules.all(new Proxy(proxy, null, null)));

      assertThat(failure(new Origin(true, "example.com", 443)).reason()).isEqualTo(Reason.REFUSED);
      assertThat(failure(new Origin(false, "example.com", 80)).reason()).isEqualTo(Reason.REFUSED);
    }
  }

  @Test
  void plainOriginBehindAProxy_isNamedInFull() throws Exception {
    try (var proxy = new RawServer(c -> answer(c, "from proxy"))) {
      var address = "me:secret@localhost:" + proxy.origin().port();
      use(ClientTls.system(), ProxyRules.all(Proxy.of(address)));

      assertThat(send(new Origin(false, "example.com", 8080)).excerpt()).isEqualTo("from proxy");
      assertThat(proxy.requests.getFirst())
          .startsWith("POST http://example.com:8080/path HTTP/1.1\r\nhost: example.com:8080\r\n")
          .contains("proxy-authorization: Basic bWU6c2VjcmV0\r\n");
    }
  }

  private static RawServer server(SelfSigned certificate) {
    var sockets = certificate.context().getServerSocketFactory();
    return new RawServer(sockets, true, c -> answer(c, "secret"));
  }

  private static void answer(RawServer.Connection connection, String body) throws IOException {
    while (connection.request()) connection.ok(body);
  }

  private static void tunnel(RawServer.Connection client, int port)
      throws IOException, InterruptedException {
    client.request();
    try (var server = new Socket("localhost", port)) {
      client.send("HTTP/1.1 200 Connection established\r\n\r\n");
      var back = Thread.ofVirtual().start(() -> copy(server, client.socket));
      copy(client.socket, server);
      server.close();
      back.join();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one side has left; so does the other
    }
  }

  private void use(ClientTls tls, ProxyRules proxies) {
    client = new HttpClient(HttpClientSettings.defaults().with(tls).with(proxies));
  }

  private HttpResponse send(Origin origin) throws IOException, InterruptedException {
    return client.send(request(origin));
  }

  private HttpException failure(Origin origin) {
    return catchThrowableOfType(HttpException.class, () -> client.send(request(origin)));
  }

  private static HttpRequest request(Origin origin) {
    return new HttpRequest(
        "POST", origin, "/path", new Headers(), List.of(), Duration.ofSeconds(20));
  }
}
