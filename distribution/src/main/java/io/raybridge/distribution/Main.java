package io.raybridge.distribution;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The {@code raybridge} program. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with 0, or with 1 for a configuration, usage or start error. */
  public static void main(String[] args) {
    Surroundings surroundings =
        new Surroundings(
            System.getenv(),
            BuiltIn::factories,
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(Raybridge.execute(surroundings, new Collecting(), args));
  }
}
