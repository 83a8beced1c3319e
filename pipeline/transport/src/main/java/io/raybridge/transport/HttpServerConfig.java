package io.raybridge.transport;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of an HTTP server that have the same default everywhere, named as in the Go collector's
 * confighttp. Components declare {@code endpoint} and the keys of {@link HttpTimeouts} themselves.
 */
@Absent(
    keys = {"auth", "middlewares"},
    notYet = "use tls.client_ca_file to let in only whom you know")
@Absent(keys = "dialer", noEffect = "a server does not dial")
public record HttpServerConfig(
    @Key(doc = "The network to listen on: tcp.", def = "tcp") String transport,
    @Key(doc = "Speak HTTPS, with these keys and certificates.") Optional<TlsServerConfig> tls,
    @Key(doc = "Let pages of other origins send here.") Optional<CorsConfig> cors,
    @Key(
            doc =
                "The largest request body in bytes, before and after unpacking. A larger one gets"
                    + " 413. 0: the default.",
            def = "20971520",
            min = 0)
        long maxRequestBodySize,
    @Key(doc = "Header fields to add to every response.") Map<String, Secret> responseHeaders,
    @Key(
            doc =
                "The Content-Encodings accepted: gzip, zstd, zlib, deflate, snappy,"
                    + " x-snappy-framed, and \"\" for none. Without it, all of them.")
        List<String> compressionAlgorithms,
    @Key(doc = "How long reading a whole request may take. 0: as long as it likes.", def = "0s")
        Duration readTimeout) {

  /** What a configuration without any of these keys gives. */
  public static final HttpServerConfig DEFAULT =
      new HttpServerConfig(
          "tcp", Optional.empty(), Optional.empty(), 20 << 20, Map.of(), List.of(), Duration.ZERO);

  public HttpServerConfig {
    if (!transport.equals("tcp")) {
      throw new Invalid(
          "transport", transport + " (expected: tcp; other transports are not built in yet)");
    }
    for (String algorithm : compressionAlgorithms) {
      if (!algorithm.isEmpty() && !Decompression.ENCODINGS.contains(algorithm)) {
        throw new Invalid(
            "compression_algorithms",
            algorithm + " (expected: \"\" or one of " + Decompression.ENCODINGS + ")");
      }
    }
    if (maxRequestBodySize > Integer.MAX_VALUE - 8) {
      throw new Invalid("max_request_body_size", maxRequestBodySize + " (expected: < 2 GiB)");
    }
    if (maxRequestBodySize == 0) {
      maxRequestBodySize = 20 << 20;
    }
  }

  boolean accepts(String encoding) {
    return compressionAlgorithms.isEmpty()
        ? encoding.isEmpty() || Decompression.ENCODINGS.contains(encoding)
        : compressionAlgorithms.contains(encoding);
  }
}
