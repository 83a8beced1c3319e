package io.raybridge.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for one name that no client has reason to trust, made by the JDK's keytool. */
public final class SelfSigned {
  private static final String PASSWORD = "changeit";

  private final SSLContext context;
  private final Path pem;

  private SelfSigned(SSLContext context, Path pem) {
    this.context = context;
    this.pem = pem;
  }

  /** The certificate for this name in this folder, made when it is not there yet. */
  public static SelfSigned of(Path folder, String name) {
    try {
      var store = folder.resolve(name + ".p12");
      if (!Files.exists(store)) make(store, name);
      var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      return new SelfSigned(context(keys), pem(folder.resolve(name + ".pem"), keys));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What a server needs to show it. */
  public SSLContext context() {
    return context;
  }

  /** What a client needs to trust it. */
  public Path pem() {
    return pem;
  }

  private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static Path pem(Path file, KeyStore keys) throws IOException, GeneralSecurityException {
    var encoded = Base64.getMimeEncoder().encodeToString(keys.getCertificate("test").getEncoded());
    return Files.writeString(
        file, "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
  }

  private static void make(Path store, String name) throws IOException, InterruptedException {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var words =
        List.of(
            keytool,
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "test",
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=dns:" + name,
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    var made =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (made.waitFor() != 0) {
      throw new AssertionError("keytool failed");
    }
  }
}
