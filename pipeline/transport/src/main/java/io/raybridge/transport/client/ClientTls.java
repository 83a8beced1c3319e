package io.raybridge.transport.client;

import io.raybridge.transport.Tls;
import io.raybridge.transport.TlsClientConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts. Certificates are read at the first TLS connection, since that takes longer
 * than the rest of a start; sessions are kept for resumption.
 */
public final class ClientTls {
  private final Source source;
  private @Nullable Wrapper wrapper;

  private ClientTls(Source source) {
    this.source = source;
  }

  /** The certificates that this Java runtime trusts. */
  public static ClientTls system() {
    return new ClientTls(() -> verifying(context(null)));
  }

  /** The keys under {@code tls} of a component. */
  public static ClientTls of(TlsClientConfig config) {
    return new ClientTls(() -> {
      var tls = Tls.client(config);
      return (socket, origin) ->
          tls.socket(socket, config.serverNameOverride().orElse(origin.host()), origin.port());
    });
  }

  /** The runtime's certificates and those of a PEM file. */
  public static ClientTls systemAnd(Path pemFile) {
    return new ClientTls(() -> verifying(trusting(pemFile)));
  }

  /** Anybody: neither certificate nor name is checked. */
  public static ClientTls insecure() {
    return new ClientTls(() -> {
      var sockets = context(new TrustManager[] {new TrustAll()}).getSocketFactory();
      return (socket, origin) ->
          (SSLSocket) sockets.createSocket(socket, origin.host(), origin.port(), true);
    });
  }

  /** The same for a server that goes by another name than the one connected to. */
  public ClientTls expecting(String serverName) {
    return new ClientTls(() -> {
      var same = wrapper();
      return (socket, origin) ->
          same.wrap(socket, new Origin(origin.tls(), serverName, origin.port()));
    });
  }

  /**
   * TLS over a connected socket, before its handshake.
   *
   * @throws IOException when certificates or keys cannot be read; the message says which
   */
  SSLSocket over(Socket socket, Origin origin) throws IOException {
    return wrapper().wrap(socket, origin);
  }

  private synchronized Wrapper wrapper() throws IOException {
    if (wrapper == null) wrapper = source.load();
    return wrapper;
  }

  private static Wrapper verifying(SSLContext context) {
    var sockets = context.getSocketFactory();
    return (socket, origin) -> {
      var tls = (SSLSocket) sockets.createSocket(socket, origin.host(), origin.port(), true);
      var parameters = tls.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
      return tls;
    };
  }

  private static SSLContext context(TrustManager @Nullable [] trust) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java runtime has no usable TLS: " + e.getMessage(), e);
    }
  }

  private static SSLContext trusting(Path pemFile) throws IOException {
    try (InputStream in = Files.newInputStream(pemFile)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (var read : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("file-" + number++, read);
      }
      if (number == 0) throw new CertificateException("it holds none");
      for (var authority : systemAuthorities()) {
        store.setCertificateEntry("system-" + number++, authority);
      }
      return context(managers(store));
    } catch (GeneralSecurityException e) {
      throw new IOException(pemFile + " is not a list of PEM certificates: " + e.getMessage(), e);
    }
  }

  private static X509Certificate[] systemAuthorities() throws GeneralSecurityException {
    for (var manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) return x509.getAcceptedIssuers();
    }
    return new X509Certificate[0];
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private interface Source {
    Wrapper load() throws IOException;
  }

  private interface Wrapper {
    SSLSocket wrap(Socket socket, Origin origin) throws IOException;
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
