package io.raybridge.extensions.localxray;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.local.store.StoreSettings;
import io.raybridge.transport.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Keys under {@code extensions.local_xray}. */
public record LocalXrayConfig(
    @Key(
            doc =
                "Where the API and the page are served. On a loopback address, requests under"
                    + " other host names are refused.",
            def = "localhost:2001")
        String endpoint,
    @Key(
            doc =
                "Where traces and metrics are kept; nothing else may lie there. If left out,"
                    + " `local-xray` in the collector's data directory.")
        Optional<String> directory,
    @Key(
            doc =
                "What all files together stay within, at least 64MiB; the oldest traces go first.",
            def = "512MiB")
        String maxSize,
    @Key(doc = "How long after its last change a trace is kept, at least 1m.", def = "168h")
        Duration maxAge) {

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(3650);

  public LocalXrayConfig {
    Endpoint.parse(endpoint);
    long size = ByteSize.parse("max_size", maxSize);
    if (size < StoreSettings.SMALLEST_MAX_SIZE) {
      throw new Invalid("max_size", maxSize + " (expected: at least 64MiB)");
    }
    if (maxAge.compareTo(SHORTEST) < 0 || maxAge.compareTo(LONGEST) > 0) {
      throw new Invalid("max_age", maxAge, "1m to 87600h");
    }
  }

  /** Where traces lie when the collector keeps its files in this directory. */
  public Path directory(Path dataDir) {
    return directory.map(Path::of).orElseGet(() -> dataDir.resolve("local-xray"));
  }

  StoreSettings store(Path dataDir) {
    return new StoreSettings(directory(dataDir), ByteSize.parse("max_size", maxSize), maxAge);
  }
}
