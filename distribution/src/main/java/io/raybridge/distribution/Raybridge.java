package io.raybridge.distribution;

import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's command line: each subcommand is a class of its own. */
@Command(
    name = "raybridge",
    description = "An OpenTelemetry collector distribution for AWS.",
    synopsisSubcommandLabel = "[COMMAND]",
    footer = {
      "",
      "Without a command it runs: raybridge --config FILE is raybridge run --config FILE.",
      "Exit codes: 0 after an orderly end, 1 for a configuration, usage or start error."
    },
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = CommandLine.HelpCommand.class)
final class Raybridge {
  private static final int FAILED = 1;

  private Raybridge() {}

  /** Returns the exit code. */
  static int execute(Surroundings surroundings, RunCommand.Runner runner, String... args) {
    if (args.length == 1 && args[0].equals(HealthCommand.NAME)) {
      // Asked every few seconds by a container's runtime: without picocli it costs half as much.
      return new HealthCommand(surroundings).call();
    }
    var quick = QuickStart.read(args);
    return quick.isPresent()
        ? quick.get().run(surroundings, runner)
        : commandLine(surroundings, runner).execute(XrayDaemonCommand.goFlags(withRun(args)));
  }

  private static CommandLine commandLine(Surroundings surroundings, RunCommand.Runner runner) {
    CommandLine line =
        new CommandLine(new Raybridge())
            .addSubcommand(new RunCommand(surroundings, runner))
            .addSubcommand(new ValidateCommand(surroundings))
            .addSubcommand(new ComponentsCommand(surroundings))
            .addSubcommand(new ReplayCommand(surroundings))
            .addSubcommand(new ExplainCommand(surroundings, System.in))
            .addSubcommand(new HealthCommand(surroundings))
            .addSubcommand(XrayDaemonCommand.line(surroundings, runner))
            .addSubcommand(new DemoCommand(surroundings, runner));
    line.setOut(surroundings.out());
    line.setErr(surroundings.err());
    line.setParameterExceptionHandler((e, _) -> {
      surroundings.err().println(e.getMessage());
      if (e instanceof UnmatchedArgumentException unknown) {
        boolean _ = UnmatchedArgumentException.printSuggestions(unknown, surroundings.err());
      }
      surroundings.err().println("raybridge --help tells what there is.");
      return FAILED;
    });
    return line;
  }

  /** Options alone are those of {@code run}, as with every collector. */
  private static String[] withRun(String[] args) {
    boolean command = args.length > 0 && !args[0].startsWith("-");
    boolean own =
        args.length > 0 && Stream.of("--help", "-h", "--version", "-V").anyMatch(args[0]::equals);
    return command || own
        ? args
        : Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new);
  }
}
