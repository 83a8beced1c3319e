package io.raybridge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.raybridge.config.Binder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTest {
  @TempDir Path folder;
  private Certificates ours;

  @BeforeEach
  void certificates() throws Exception {
    ours = new Certificates(folder, "ca");
    ours.issue("server", "localhost");
    ours.issue("client", "client");
  }

  @Test
  void server_speaksTls() throws Exception {
    try (var serving = Serving.with(server(""))) {
      assertThat(get(serving, client("ca_file: ca.pem"))).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void clientThatDoesNotKnowTheAuthority_refusesTheServer() throws Exception {
    try (var serving = Serving.with(server(""))) {
      assertThatThrownBy(() -> get(serving, client(""))).isInstanceOf(SSLException.class);
      assertThat(get(serving, client("insecure_skip_verify: true"))).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void clientThatNeedsACertificateAndHasNone_isRefusedAndLogged() throws Exception {
    try (var serving = Serving.with(server("client_ca_file: ca.pem"))) {
      assertThatThrownBy(() -> get(serving, client("ca_file: ca.pem")))
          .isInstanceOf(IOException.class);
      assertThat(
              get(
                  serving,
                  client("{ca_file: ca.pem, cert_file: client.pem, key_file: client.key}")))
          .startsWith("HTTP/1.1 200");
      assertThat(serving.context.log().lines())
          .anyMatch(line -> line.contains("http: TLS handshake failed"));
    }
  }

  @Test
  void clientCertificateOfAnotherAuthority_isRefused() throws Exception {
    new Certificates(folder, "other").issue("stranger", "client");
    try (var serving = Serving.with(server("client_ca_file: ca.pem"))) {
      assertThatThrownBy(() ->
              get(
                  serving,
                  client("{ca_file: ca.pem, cert_file: stranger.pem, key_file: stranger.key}")))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void pemInTheConfiguration_worksLikeFiles() throws Exception {
    String yaml =
        "tls:\n  cert_pem: |\n"
            + Files.readString(folder.resolve("server.pem")).indent(4)
            + "  key_pem: |\n"
            + Files.readString(folder.resolve("server.key")).indent(4);
    try (var serving = Serving.with(yaml)) {
      assertThat(get(serving, client("ca_file: ca.pem"))).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.2, 1.2, TLSv1.2", "1.3, '', TLSv1.3", "1.2, '', TLSv1.3"})
  void versions_areKeptTo(String min, String max, String used) throws Exception {
    String versions = "min_version: " + min + (max.isEmpty() ? "" : "\n  max_version: " + max);
    try (var serving = Serving.with(server(versions));
        var socket = connect(serving, client("ca_file: ca.pem"))) {
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(used);
    }
  }

  @Test
  void cipherSuitesAndCurves_areKeptTo() throws Exception {
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    try (var serving =
            Serving.with(
                server(
                    "max_version: 1.2\n  cipher_suites: ["
                        + suite
                        + "]\n  curve_preferences: [P384, P256]"));
        var socket = connect(serving, client("ca_file: ca.pem"))) {
      socket.startHandshake();
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
    }
  }

  @Test
  void curvesWithoutTheCertificatesOwn_failInTheHandshake() throws Exception {
    try (var serving = Serving.with(server("max_version: 1.2\n  curve_preferences: [P521]"))) {
      assertThatThrownBy(() -> get(serving, client("ca_file: ca.pem")))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void renewedCertificate_servesNewConnectionsAfterTheInterval() throws Exception {
    try (var serving = Serving.with(server("reload_interval: 1ns"))) {
      assertThat(serial(serving)).isEqualTo(serial(serving));
      var before = serial(serving);

      ours.issue("server", "localhost");

      assertThat(serial(serving)).isNotEqualTo(before);
    }
  }

  @Test
  void brokenRenewal_leavesTheOldCertificateInUse() throws Exception {
    try (var serving = Serving.with(server("reload_interval: 1ns"))) {
      var before = serial(serving);

      Files.writeString(folder.resolve("server.pem"), "half a file");

      assertThat(serial(serving)).isEqualTo(before);
    }
  }

  @Test
  void changedClientAuthority_isTakenWhenAskedFor() throws Exception {
    new Certificates(folder, "other").issue("stranger", "client");
    String stranger = "{ca_file: ca.pem, cert_file: stranger.pem, key_file: stranger.key}";
    try (var serving =
        Serving.with(server("client_ca_file: clients.pem\n  client_ca_file_reload: true"))) {
      assertThatThrownBy(() -> get(serving, client(stranger))).isInstanceOf(IOException.class);

      Files.copy(
          folder.resolve("other.pem"),
          folder.resolve("clients.pem"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(folder.resolve("clients.pem"), FileTime.fromMillis(1));

      assertThat(get(serving, client(stranger))).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cert_file: none.pem, key_file: server.key | http.tls.cert_file: /none.pem does not exist",
        "cert_file: server.pem, key_file: none.key | http.tls.key_file: /none.key does not exist",
        "cert_file: server.key, key_file: server.key | http.tls.cert_file: certificate or key is not",
        "cert_file: server.pem, key_file: server.key, client_ca_file: server.key | http.tls.client_ca_file",
      })
  void fileThatIsNotWhatItShouldBe_isNamed(String keys, String message) {
    String yaml = "tls: {" + keys.replaceAll("_file: ", "_file: " + folder + "/") + "}";
    assertThatThrownBy(() -> Serving.with(yaml))
        .isInstanceOf(IOException.class)
        .satisfies(
            e -> assertThat(e.getMessage().replace(folder.toString(), "")).startsWith(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tls: {} | cert_file",
        "tls: {cert_file: a} | key_file",
        "tls: {key_file: a} | cert_file",
        "tls: {cert_file: a, cert_pem: b, key_file: c} | cert_pem",
        "tls: {cert_file: a, key_file: b, min_version: '1.1'} | min_version",
        "tls: {cert_file: a, key_file: b, min_version: '1.3', max_version: '1.2'} | max_version",
        "tls: {cert_file: a, key_file: b, cipher_suites: [RC4]} | cipher_suites",
        "tls: {cert_file: a, key_file: b, curve_preferences: [P1]} | curve_preferences",
        "tls: {cert_file: a, key_file: b, tpm: {enabled: true}} | tpm",
      })
  void wrongKeys_areNamed(String yaml, String key) {
    var problems = Binder.bind(HttpServerConfig.class, yaml).problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).contains("tls." + key);
  }

  private String server(String more) throws IOException {
    Files.copy(
        folder.resolve("ca.pem"),
        folder.resolve("clients.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return "tls:\n  cert_file: "
        + folder
        + "/server.pem\n  key_file: "
        + folder
        + "/server.key\n  "
        + more.replace("_file: ", "_file: " + folder + "/")
        + "\n";
  }

  private SSLContext client(String yaml) throws IOException {
    var config =
        Binder.bind(TlsClientConfig.class, yaml.replace("_file: ", "_file: " + folder + "/"))
            .orThrow();
    SslContext context = Tls.client(config);
    return jdk(context);
  }

  /** The very SSLContext inside, for a socket of the JDK's. */
  private static SSLContext jdk(SslContext context) {
    return ((io.netty.handler.ssl.JdkSslContext) ((Tls) context).current()).context();
  }

  private static java.math.BigInteger serial(Serving serving) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (var socket = connect(serving, context)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static SSLSocket connect(Serving serving, SSLContext context) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("localhost", serving.server.port()));
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String get(Serving serving, SSLContext context) throws IOException {
    try (var socket = connect(serving, context)) {
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
      return new String(socket.getInputStream().readAllBytes());
    }
  }
}
