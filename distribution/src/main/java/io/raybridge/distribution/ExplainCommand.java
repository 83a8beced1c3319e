package io.raybridge.distribution;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.exporters.awsxray.AwsXrayExporterConfig;
import io.raybridge.xray.TranslationConfig;
import io.raybridge.xray.explain.Explainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raybridge explain}: what X-Ray gets of these spans, and why so. */
@Command(
    name = "explain",
    description = {
      "Shows the X-Ray documents of spans, the attribute that each field came from, and what became"
          + " of every attribute.",
      "Reads OTLP, in protobuf or JSON (also a request a line, as the file exporter writes them), and"
          + " sends nothing."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  private final Surroundings surroundings;
  private final InputStream in;

  @Mixin private ConfigOptions configuration = new ConfigOptions();

  @Option(
      names = "--exporter",
      paramLabel = "ID",
      description =
          "The exporter of --config whose settings apply (default: awsxray). Without --config the"
              + " exporter's defaults do.")
  private String exporter = "awsxray";

  @Option(
      names = "--json",
      description = "Writes a JSON object for each span, with its documents as X-Ray gets them.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files to read; - or none for standard input.")
  private List<String> files = new ArrayList<>();

  ExplainCommand(Surroundings surroundings, InputStream in) {
    this.surroundings = surroundings;
    this.in = in;
  }

  @Override
  public Integer call() {
    try {
      TranslationConfig translation = translation();
      if (translation == null) return 1;
      var explainer = new Explainer(translation, InstantSource.system());
      var report = new ExplainReport(surroundings.out());
      for (String file : files.isEmpty() ? List.of(STANDARD_INPUT) : files) {
        for (Traces traces : read(file)) {
          for (var explanation : explainer.explain(traces)) {
            if (json) report.json(explanation);
            else report.text(explanation);
          }
        }
      }
      surroundings.out().flush();
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      surroundings.err().println(e.getMessage());
      return 1;
    }
  }

  /** The exporter's settings, or null where the configuration has problems, which are printed. */
  private @Nullable TranslationConfig translation() {
    ConfigSources sources = configuration.sources();
    if (sources.uris().isEmpty() && sources.sets().isEmpty()) return TranslationConfig.DEFAULT;
    Optional<CollectorConfig> config = sources.load(surroundings).config();
    if (config.isEmpty()) return null;
    var configured = config.get().components().get(ComponentId.of(Kind.EXPORTER, exporter));
    if (configured == null) {
      throw new IllegalArgumentException(
          "no exporter " + exporter + " is configured (--exporter names another)");
    }
    if (configured.config() instanceof AwsXrayExporterConfig xray) return xray.translation();
    throw new IllegalArgumentException(
        "exporter " + exporter + " does not translate spans for X-Ray (expected: one of awsxray)");
  }

  private List<Traces> read(String file) throws IOException {
    boolean standard = file.equals(STANDARD_INPUT);
    byte[] bytes = standard ? in.readAllBytes() : readFile(file);
    String name = standard ? "standard input" : file;
    if (bytes.length == 0) throw new IllegalArgumentException(name + ": empty (expected: OTLP)");
    return bytes[0] == '{' ? json(name, bytes) : protobuf(name, bytes);
  }

  private static byte[] readFile(String file) throws IOException {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<Traces> protobuf(String name, byte[] bytes) {
    try {
      return List.of(Traces.ofOtlp(bytes));
    } catch (MalformedBatchException e) {
      // A line break is how most requests in protobuf begin.
      if (new String(bytes, StandardCharsets.UTF_8).stripLeading().startsWith("{")) {
        return json(name, bytes);
      }
      throw malformed(name, "OTLP in protobuf", e);
    }
  }

  /** One request, or one on each line. */
  private static List<Traces> json(String name, byte[] bytes) {
    try {
      return List.of(Traces.ofOtlpJson(bytes));
    } catch (MalformedBatchException whole) {
      var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      var requests = new ArrayList<Traces>();
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).isBlank()) continue;
        try {
          requests.add(Traces.ofOtlpJson(lines.get(i).getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedBatchException e) {
          if (i == 0) throw malformed(name, "OTLP in JSON", whole);
          throw malformed(name + ":" + (i + 1), "OTLP in JSON", e);
        }
      }
      return requests;
    }
  }

  private static IllegalArgumentException malformed(
      String name, String expected, MalformedBatchException e) {
    return new IllegalArgumentException(
        name + ": " + e.getMessage() + " (expected: " + expected + ")", e);
  }
}
