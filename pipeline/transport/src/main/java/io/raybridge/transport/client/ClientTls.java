package io.raybridge.transport.client;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.raybridge.transport.Tls;
import io.raybridge.transport.TlsClientConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts. The context is made at the first TLS connection, since reading the
 * runtime's certificates takes longer than the rest of a start; it keeps sessions for resumption.
 */
public final class ClientTls {
  private final Source source;
  private final Optional<String> serverName;
  private @Nullable SslContext context;

  private ClientTls(Source source, Optional<String> serverName) {
    this.source = source;
    this.serverName = serverName;
  }

  /** The certificates that this Java runtime trusts. */
  public static ClientTls system() {
    return new ClientTls(() -> builder().build(), Optional.empty());
  }

  /** The keys under {@code tls} of a component. */
  public static ClientTls of(TlsClientConfig config) {
    return new ClientTls(() -> Tls.client(config), config.serverNameOverride());
  }

  /** The runtime's certificates and those of a PEM file. */
  public static ClientTls systemAnd(Path pemFile) {
    return new ClientTls(() -> trusting(pemFile), Optional.empty());
  }

  /** Anybody: neither certificate nor name is checked. */
  public static ClientTls insecure() {
    return new ClientTls(
        () ->
            builder()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build(),
        Optional.empty());
  }

  /**
   * A handler that speaks TLS to this origin.
   *
   * @throws IOException when certificates or keys cannot be read; the message says which
   */
  SslHandler handler(Origin origin, ByteBufAllocator allocator) throws IOException {
    return context().newHandler(allocator, serverName.orElse(origin.host()), origin.port());
  }

  private synchronized SslContext context() throws IOException {
    if (context == null) context = source.load();
    return context;
  }

  private static SslContextBuilder builder() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2");
  }

  private static SslContext trusting(Path pemFile) throws IOException {
    var authorities = new ArrayList<X509Certificate>();
    try (InputStream in = Files.newInputStream(pemFile)) {
      for (var read : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        authorities.add((X509Certificate) read);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      for (var manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          authorities.addAll(List.of(x509.getAcceptedIssuers()));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(pemFile + " is not a list of PEM certificates: " + e.getMessage(), e);
    }
    return builder().trustManager(authorities).build();
  }

  private interface Source {
    SslContext load() throws IOException;
  }
}
