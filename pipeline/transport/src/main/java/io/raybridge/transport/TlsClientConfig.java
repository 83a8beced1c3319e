package io.raybridge.transport;

import io.raybridge.api.Inline;
import io.raybridge.api.Key;
import java.util.Optional;

/** The keys under {@code tls} of something that connects, named as the Go collector's. */
public record TlsClientConfig(
    @Inline TlsConfig common,
    @Key(
            doc =
                "Speak without TLS, unless ca_file or ca_pem is set. Where the endpoint has a"
                    + " scheme, http or https decides instead.",
            def = "false")
        boolean insecure,
    @Key(doc = "Speak TLS but accept any certificate. For tests only.", def = "false")
        boolean insecureSkipVerify,
    @Key(doc = "The name to ask the server for and to expect in its certificate.")
        Optional<String> serverNameOverride) {

  /** Go's rule: {@code insecure} is ignored when an authority is named. */
  public boolean plaintext() {
    return insecure && common.caFile().isEmpty() && common.caPem().isEmpty();
  }
}
