package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Other people's software, run to its end. */
final class Program {
  private Program() {}

  /** Runs a command that must succeed and gives what it printed on standard output. */
  static String run(String... command) throws IOException, InterruptedException {
    return feed("", command);
  }

  /** The same, with this on standard input. */
  static String feed(String input, String... command) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(List.of(command)).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("AWS_ACCESS_KEY_ID", "interop");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "interop");
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.environment().put("AWS_PAGER", "");
    Process process = builder.start();
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    } catch (IOException e) {
      // It ended without reading: its exit code says why.
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("exit code of %s, which printed %s", builder.command(), output)
        .isZero();
    return output;
  }
}
