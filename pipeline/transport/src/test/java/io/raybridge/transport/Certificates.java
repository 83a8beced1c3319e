package io.raybridge.transport;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;

/** An authority and what it signs, as PEM files in a folder. */
final class Certificates {
  private final Path folder;
  private final X509Bundle authority;

  Certificates(Path folder, String name) throws Exception {
    this.folder = folder;
    this.authority =
        builder().subject("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
    Files.writeString(folder.resolve(name + ".pem"), authority.getCertificatePEM());
  }

  /** Writes NAME.pem and NAME.key. */
  void issue(String name, String host) throws IOException, GeneralSecurityException {
    X509Bundle bundle;
    try {
      bundle = builder().subject("CN=" + name).addSanDnsName(host).buildIssuedBy(authority);
    } catch (Exception e) {
      throw new GeneralSecurityException(e);
    }
    Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePEM());
    Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
  }

  private static CertificateBuilder builder() {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .algorithm(CertificateBuilder.Algorithm.ecp256)
        .notBefore(now.minusSeconds(3600))
        .notAfter(now.plusSeconds(3600));
  }
}
