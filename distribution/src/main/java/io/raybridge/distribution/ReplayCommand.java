package io.raybridge.distribution;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Redelivery;
import io.raybridge.engine.LoneExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raybridge replay}: sends dead letters again. */
@Command(
    name = "replay",
    description = {
      "Sends dead letters again, byte for byte, and reports what became of them.",
      "Each goes through the exporter it is from, as --config has it. The files stay as they are.",
      "Exit code 0 when every letter arrived, else 1."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  private final Map<String, Redelivery> open = new HashMap<>();

  @Mixin private ConfigOptions configuration = new ConfigOptions();

  @Option(
      names = "--exporter",
      paramLabel = "ID",
      description = "Sends all letters through this exporter, whichever they are from.")
  private @Nullable String exporter;

  @Option(
      names = "--rest",
      paramLabel = "FILE",
      description = "Writes the letters that did not arrive to a new file, to be tried again.")
  private @Nullable Path rest;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of dead letters.")
  private List<Path> files = new ArrayList<>();

  ReplayCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<CollectorConfig> config = configuration.sources().load(surroundings).config();
    if (config.isEmpty()) return 1;
    try (var report = new ReplayReport(surroundings.out(), rest);
        var exporters = LoneExporter.of(config.get(), surroundings.env())) {
      boolean all = true;
      try {
        for (var file : files) all &= replay(file, config.get(), exporters, report);
      } finally {
        open.values().forEach(Redelivery::close);
      }
      return all ? 0 : 1;
    } catch (IOException | IllegalArgumentException e) {
      surroundings.err().println(e.getMessage());
      return 1;
    }
  }

  private boolean replay(
      Path file, CollectorConfig config, LoneExporter exporters, ReplayReport report)
      throws InterruptedException {
    report.begin(file);
    Map<String, List<DeadLetter>> waiting = new HashMap<>();
    try (var letters = new LetterFile(file)) {
      for (var line = letters.next(); line != null; line = letters.next()) {
        if (line.letter() == null) {
          report.skipped(line.number(), line.problem());
          continue;
        }
        var id = exporter != null ? exporter : line.letter().component();
        try {
          var redelivery = redelivery(id, config, exporters);
          var some = waiting.computeIfAbsent(id, _ -> new ArrayList<>());
          some.add(line.letter());
          if (some.size() >= redelivery.atOnce()) send(redelivery, some, report);
        } catch (IllegalArgumentException e) {
          report.skipped(line.number(), String.valueOf(e.getMessage()));
        }
      }
    } catch (IOException e) {
      report.unreadable(e);
    }
    for (var some : waiting.entrySet()) {
      var redelivery = open.get(some.getKey());
      if (redelivery != null && !some.getValue().isEmpty())
        send(redelivery, some.getValue(), report);
    }
    return report.end();
  }

  private static void send(Redelivery redelivery, List<DeadLetter> letters, ReplayReport report)
      throws InterruptedException {
    report.tried(letters, redelivery.send(letters));
    letters.clear();
  }

  private Redelivery redelivery(String id, CollectorConfig config, LoneExporter exporters) {
    var known = open.get(id);
    if (known != null) return known;
    var component = ComponentId.of(Kind.EXPORTER, id);
    if (!config.components().containsKey(component)) {
      throw new IllegalArgumentException(
          "no exporter " + id + " is configured (--exporter sends it through another)");
    }
    try {
      if (!(exporters.make(component) instanceof Redelivery.Able able)) {
        throw new IllegalArgumentException("exporter " + id + " cannot send dead letters");
      }
      var opened = able.redelivery();
      open.put(id, opened);
      return opened;
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException("cannot use exporter " + id + ": " + e.getMessage(), e);
    }
  }
}
