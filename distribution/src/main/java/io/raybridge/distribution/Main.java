package io.raybridge.distribution;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The {@code raybridge} program. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with 0, or with 1 for a configuration, usage or start error. */
  public static void main(String[] args) {
    System.exit(Raybridge.execute(surroundings(System.getenv()), new Collecting(), args));
  }

  /** Those of the program itself. */
  static Surroundings surroundings(Map<String, String> env) {
    return new Surroundings(
        env,
        BuiltIn::factories,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }
}
