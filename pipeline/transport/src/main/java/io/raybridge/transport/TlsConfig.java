package io.raybridge.transport;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys under {@code tls} that servers and clients share, named as the Go collector's. */
@Absent(keys = "tpm", notYet = "use key_file or key_pem")
public record TlsConfig(
    @Key(
            doc =
                "File of PEM certificates of the authorities that a client trusts. Without it, those"
                    + " of the Java runtime. A server checks its clients by client_ca_file instead.")
        Optional<String> caFile,
    @Key(doc = "The same as text, instead of a file.") Optional<Secret> caPem,
    @Key(
            doc = "Trust the Java runtime's authorities besides those of ca_file or ca_pem.",
            def = "false")
        boolean includeSystemCaCertsPool,
    @Key(doc = "File of our own PEM certificate, followed by those that lead to its authority.")
        Optional<String> certFile,
    @Key(doc = "The same as text, instead of a file.") Optional<Secret> certPem,
    @Key(doc = "File of the certificate's private key, PEM in PKCS #8 or PKCS #1.")
        Optional<String> keyFile,
    @Key(doc = "The same as text, instead of a file.") Optional<Secret> keyPem,
    @Key(doc = "The oldest protocol version accepted: 1.2 or 1.3.", def = "1.2") String minVersion,
    @Key(doc = "The newest protocol version accepted: 1.2 or 1.3. Without it, the newest there is.")
        Optional<String> maxVersion,
    @Key(
            doc =
                "Cipher suites for TLS 1.2 by their IANA names. TLS 1.3 chooses its own, as in Go."
                    + " Without it, the Java runtime's list.")
        List<String> cipherSuites,
    @Key(
            doc =
                "Elliptic curves in order of preference: X25519, P256, P384, P521. An ECDSA"
                    + " certificate's own curve must be among them. Without it, the Java runtime's"
                    + " list.")
        List<String> curvePreferences,
    @Key(
            doc =
                "How often files are looked at again, so that a renewed certificate serves new"
                    + " connections. 0: never.",
            def = "0s")
        Duration reloadInterval) {

  public TlsConfig {
    notBoth("ca_file", caFile, "ca_pem", caPem);
    notBoth("cert_file", certFile, "cert_pem", certPem);
    notBoth("key_file", keyFile, "key_pem", keyPem);
    boolean certificate = certFile.isPresent() || certPem.isPresent();
    boolean key = keyFile.isPresent() || keyPem.isPresent();
    if (certificate && !key) {
      throw new Invalid("key_file", "is missing (expected: the private key of the certificate)");
    }
    if (key && !certificate) {
      throw new Invalid("cert_file", "is missing (expected: the certificate of the private key)");
    }
    TlsNames.version("min_version", minVersion);
    maxVersion.ifPresent(version -> TlsNames.version("max_version", version));
    if (maxVersion.isPresent() && maxVersion.get().compareTo(minVersion) < 0) {
      throw new Invalid(
          "max_version", maxVersion.get() + " (expected: >= min_version, " + minVersion + ")");
    }
    TlsNames.cipherSuites(cipherSuites);
    TlsNames.curves(curvePreferences);
  }

  boolean hasCertificate() {
    return certFile.isPresent() || certPem.isPresent();
  }

  private static void notBoth(
      String file, Optional<String> path, String pem, Optional<Secret> text) {
    if (path.isPresent() && text.isPresent()) {
      throw new Invalid(pem, "is set beside " + file + " (expected: one of the two)");
    }
  }
}
