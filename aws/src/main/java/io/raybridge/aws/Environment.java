package io.raybridge.aws;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The process's environment variables, so that a test can have its own. */
record Environment(Function<String, @Nullable String> variables) {
  static final Environment PROCESS = new Environment(System::getenv);

  /** A variable's value, or null where it is not set or blank. */
  @Nullable String get(String name) {
    var value = variables.apply(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  boolean isTrue(String name) {
    return "true".equalsIgnoreCase(get(name));
  }
}
