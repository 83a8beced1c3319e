package io.raybridge.distribution;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What runs without {@code --config}. In an image or a package that is what {@link #VARIABLE}
 * names, else what {@link #CONTENT} holds, else the first of the files that the package names in
 * {@link #PATHS}, or nothing; everywhere else it is the embedded local default.
 */
final class DefaultConfiguration {
  /** Set by images and packages: the files to try, in order. */
  static final String PATHS = "raybridge.config.paths";

  /** The environment variable with a URI, as {@code --config} takes it. */
  static final String VARIABLE = "RAYBRIDGE_CONFIG";

  /** The environment variable with the configuration itself, which ECS fills from a parameter. */
  static final String CONTENT = "AOT_CONFIG_CONTENT";

  private DefaultConfiguration() {}

  /** Empty if there is none, of which the user then has been told. */
  static List<String> find(Surroundings surroundings) {
    String paths = System.getProperty(PATHS, "");
    if (paths.isEmpty()) {
      return List.of("yaml:" + text());
    }
    Map<String, String> env = surroundings.env();
    if (!env.getOrDefault(VARIABLE, "").isEmpty()) {
      return List.of(env.get(VARIABLE));
    }
    if (!env.getOrDefault(CONTENT, "").isEmpty()) {
      return List.of("env:" + CONTENT);
    }
    for (String path : paths.split(File.pathSeparator, -1)) {
      if (Files.exists(Path.of(path))) {
        return List.of("file:" + path);
      }
    }
    surroundings
        .err()
        .println(
            "no configuration (expected: --config, the environment variable "
                + VARIABLE
                + " or "
                + CONTENT
                + ", or a file at "
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
