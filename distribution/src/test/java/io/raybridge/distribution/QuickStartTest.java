package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class QuickStartTest {
  private static final List<String> WORDS =
      List.of(
          "--config",
          "--config=a.yaml",
          "--config=yaml:a: b=c",
          "--set",
          "--set=a.b=c",
          "a.yaml",
          "--shutdown-timeout",
          "--shutdown-timeout=3s",
          "9s",
          "-1s",
          "",
          "--config=",
          "@file",
          "\"quoted\"",
          "--set=a=\"b\"",
          "--feature-gates=+a",
          "-x",
          "--print-default",
          "--no-watch",
          "--watch",
          "--help");

  @Test
  void whateverItUnderstands_picocliUnderstandsAlike() {
    var random = new Random(7);
    int understood = 0;
    for (int i = 0; i < 20_000; i++) {
      String[] args =
          random
              .ints(random.nextInt(6), 0, WORDS.size())
              .mapToObj(WORDS::get)
              .toArray(String[]::new);
      Optional<QuickStart> quick = QuickStart.read(args);
      if (quick.isEmpty()) continue;
      understood++;
      assertThat(byPicocli(args)).as(String.join(" ", args)).isEqualTo(quick.get());
    }
    assertThat(understood).isGreaterThan(1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "run", "--config a", "run --config=a --set b=c --shutdown-timeout 1m"})
  void usualStarts_areUnderstood(String line) {
    assertThat(QuickStart.read(line.isEmpty() ? new String[0] : line.split(" ", -1))).isPresent();
  }

  private static QuickStart byPicocli(String... args) {
    var nobody = new PrintWriter(Writer.nullWriter());
    var command =
        new RunCommand(new Surroundings(Map.of(), List::of, nobody, nobody), (_, _, _, _, _) -> 0);
    String[] options = args.length > 0 && args[0].equals("run") ? tail(args) : args;
    new CommandLine(command).parseArgs(options);
    return command.arguments();
  }

  private static String[] tail(String... args) {
    return List.of(args).subList(1, args.length).toArray(String[]::new);
  }
}
