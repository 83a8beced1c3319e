package io.raybridge.config;

/**
 * Something to tell the user about a configuration. Never carries a secret's value.
 *
 * @param path the keys that lead there, such as {@code exporters.otlp.timeout}; empty for the whole
 */
public record Problem(Place place, String path, String message) {
  public Problem {
    path = Printed.oneLine(path);
    message = Printed.oneLine(message);
  }

  @Override
  public String toString() {
    return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
