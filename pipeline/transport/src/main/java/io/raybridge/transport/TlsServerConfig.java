package io.raybridge.transport;

import io.raybridge.api.Inline;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.util.Optional;

/** The keys under {@code tls} of something that listens, named as the Go collector's. */
public record TlsServerConfig(
    @Inline TlsConfig common,
    @Key(
            doc =
                "File of PEM certificates of the authorities that clients must have theirs from."
                    + " With it, a client without a valid certificate is refused.")
        Optional<String> clientCaFile,
    @Key(doc = "Read client_ca_file again when it changes.", def = "false")
        boolean clientCaFileReload) {

  public TlsServerConfig {
    if (!common.hasCertificate()) {
      throw new Invalid("cert_file", "is missing (expected: a server's certificate and key)");
    }
  }
}
