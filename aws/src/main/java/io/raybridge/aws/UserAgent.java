package io.raybridge.aws;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Raybridge says of itself to AWS, in the form that AWS's own agents use. */
final class UserAgent {
  private UserAgent() {}

  static String of(Environment environment) {
    var version = version(UserAgent.class.getPackage().getImplementationVersion());
    var where = environment.get("AWS_EXECUTION_ENV");
    return "raybridge/"
        + version
        + " lang/java#"
        + Runtime.version().feature()
        + " os/"
        + token(System.getProperty("os.name", "unknown"))
        + "-"
        + token(System.getProperty("os.arch", "unknown"))
        + (where == null ? "" : " exec-env/" + token(where));
  }

  private static String version(@Nullable String manifest) {
    return manifest == null ? "dev" : token(manifest);
  }

  private static String token(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "_");
  }
}
