package io.raybridge.transport;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.raybridge.api.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Reads certificates and keys once and makes a context of the Java runtime's own TLS of them. */
final class TlsLoader {
  private TlsLoader() {}

  static SslContext server(TlsServerConfig config, String... protocols) throws IOException {
    TlsConfig common = config.common();
    var builder =
        building(
            "cert_file",
            () -> SslContextBuilder.forServer(stream(certificate(common)), stream(key(common))));
    if (config.clientCaFile().isPresent()) {
      var authorities =
          certificates("client_ca_file", read("client_ca_file", config.clientCaFile().get()));
      builder.trustManager(authorities).clientAuth(ClientAuth.REQUIRE);
    }
    return finish(builder, common, protocols);
  }

  static SslContext client(TlsClientConfig config, String... protocols) throws IOException {
    TlsConfig common = config.common();
    var builder = SslContextBuilder.forClient();
    if (common.hasCertificate()) {
      building(
          "cert_file", () -> builder.keyManager(stream(certificate(common)), stream(key(common))));
    }
    if (config.insecureSkipVerify()) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
    } else {
      trust(builder, common);
    }
    return finish(builder, common, protocols);
  }

  private static void trust(SslContextBuilder builder, TlsConfig config) throws IOException {
    if (config.caFile().isEmpty() && config.caPem().isEmpty()) {
      return;
    }
    var authorities = new ArrayList<>(List.of(certificates("ca_file", authorities(config))));
    if (config.includeSystemCaCertsPool()) {
      authorities.addAll(systemAuthorities());
    }
    builder.trustManager(authorities);
  }

  private static SslContext finish(SslContextBuilder builder, TlsConfig config, String... protocols)
      throws IOException {
    builder
        .sslProvider(SslProvider.JDK)
        .protocols(TlsNames.versions(config.minVersion(), config.maxVersion().orElse("1.3")));
    if (!config.cipherSuites().isEmpty()) {
      builder.ciphers(TlsNames.cipherSuites(config.cipherSuites()));
    }
    if (protocols.length > 0) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    SslContext context = building("cert_file", builder::build);
    String[] curves = TlsNames.curves(config.curvePreferences());
    return curves.length == 0 ? context : new WithCurves(context, curves);
  }

  /** The Java runtime's own context inside of one that was made here. */
  static SSLContext jdk(SslContext context) {
    return switch (context) {
      case JdkSslContext own -> own.context();
      case WithCurves wrapped -> jdk(wrapped.inner);
      default -> throw new IllegalArgumentException("not made here: " + context.getClass());
    };
  }

  private static byte[] certificate(TlsConfig config) throws IOException {
    return either("cert_file", config.certFile(), config.certPem());
  }

  private static byte[] key(TlsConfig config) throws IOException {
    return either("key_file", config.keyFile(), config.keyPem());
  }

  private static byte[] authorities(TlsConfig config) throws IOException {
    return either("ca_file", config.caFile(), config.caPem());
  }

  private static byte[] either(String key, Optional<String> file, Optional<Secret> pem)
      throws IOException {
    return file.isPresent()
        ? read(key, file.get())
        : pem.orElseThrow().reveal().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] read(String key, String file) throws IOException {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new IOException("tls." + key + ": " + file + " does not exist", e);
    } catch (IOException e) {
      throw new IOException("tls." + key + ": " + file + " cannot be read: " + e, e);
    }
  }

  private static X509Certificate[] certificates(String key, byte[] pem) throws IOException {
    try {
      var found = CertificateFactory.getInstance("X.509").generateCertificates(stream(pem));
      if (found.isEmpty()) {
        throw new IOException("tls." + key + ": holds no PEM certificate");
      }
      return found.toArray(new X509Certificate[0]);
    } catch (CertificateException e) {
      throw new IOException("tls." + key + ": is not a list of PEM certificates: " + e, e);
    }
  }

  private static List<X509Certificate> systemAuthorities() throws IOException {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          return List.of(x509.getAcceptedIssuers());
        }
      }
      return List.of();
    } catch (GeneralSecurityException e) {
      throw new IOException("tls.include_system_ca_certs_pool: the Java runtime has none: " + e, e);
    }
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** Netty says what is wrong with a key by IllegalArgumentException; to us it is bad input. */
  private static <T> T building(String key, Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("tls." + key + ": certificate or key is not usable: " + cause, e);
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private static final class WithCurves extends DelegatingSslContext {
    private final SslContext inner;
    private final String[] curves;

    WithCurves(SslContext context, String[] curves) {
      super(context);
      inner = context;
      this.curves = curves;
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setNamedGroups(curves);
      engine.setSSLParameters(parameters);
    }
  }
}
