package io.raybridge.distribution;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What runs without {@code --config}: where a package says its configuration lies, that one or
 * none; else the embedded local default.
 */
final class DefaultConfiguration {
  /** Set by images and packages: the files to try, in order. */
  static final String PATHS = "raybridge.config.paths";

  private DefaultConfiguration() {}

  /** Empty if there is none, of which the user then has been told. */
  static List<String> find(Surroundings surroundings) {
    String paths = System.getProperty(PATHS, "");
    if (paths.isEmpty()) {
      return List.of("yaml:" + text());
    }
    for (String path : paths.split(File.pathSeparator, -1)) {
      if (Files.exists(Path.of(path))) {
        return List.of("file:" + path);
      }
    }
    surroundings
        .err()
        .println(
            "no configuration (expected: --config, or a file at "
                + paths.replace(File.pathSeparator, " or ")
                + ")");
    return List.of();
  }

  /** The embedded local default. */
  static String text() {
    try (InputStream in = DefaultConfiguration.class.getResourceAsStream("default.yaml")) {
      if (in == null) {
        throw new IllegalStateException("default.yaml is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
