package io.raybridge.processors.xraysampling;

import io.raybridge.api.FileFault;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Keys under {@code adaptive}: what ADOT's SDKs read from {@code
 * AWS_XRAY_ADAPTIVE_SAMPLING_CONFIG}, by the same names, or a file with it.
 */
public record AdaptiveConfig(
    @Key(doc = "YAML file with the keys below, in place of them.") Optional<Path> file,
    @Key(doc = "Version of the keys below; less than 2, as in ADOT's SDKs.")
        Optional<Double> version,
    @Key(
            name = "anomalyConditions",
            doc =
                "What an anomaly is: a span that fulfils one of these. Without the key, an HTTP"
                    + " status of 500 and above or, without status, a span status of error; with an"
                    + " empty list, nothing.")
        Optional<List<Condition>> anomalyConditions,
    @Key(name = "anomalyCaptureLimit", doc = "How much of what was not sampled is captured.")
        CaptureLimit anomalyCaptureLimit) {

  /** The environment variable of ADOT's SDKs: YAML, or the path of a file with it. */
  static final String VARIABLE = "AWS_XRAY_ADAPTIVE_SAMPLING_CONFIG";

  private static final long MOST_BYTES = 1 << 20;

  /** One condition; what it names must all be so. */
  public record Condition(
      @Key(
              name = "errorCodeRegex",
              doc = "Regular expression (Java's) that the whole HTTP status must match.")
          Optional<String> errorCodeRegex,
      @Key(
              doc =
                  "Operations that this is about, all without the key: `aws.local.operation`, or"
                      + " method and first part of the path, such as `GET /orders`.")
          List<String> operations,
      @Key(name = "highLatencyMs", doc = "Milliseconds that the span must take at least.", min = 0)
          Optional<Long> highLatencyMs,
      @Key(
              doc =
                  "What it is for: `sampling-boost`, counts for X-Ray's boosts;"
                      + " `anomaly-trace-capture`, captures the trace; `both`.",
              def = "both")
          Usage usage) {

    public Condition {
      operations = List.copyOf(operations);
      try {
        var _ = errorCodeRegex.map(Pattern::compile);
      } catch (PatternSyntaxException e) {
        throw new Invalid(
            "errorCodeRegex",
            "\"" + errorCodeRegex.orElse("") + "\" is no regular expression: " + e.getMessage());
      }
    }
  }

  /** What an anomaly is for. */
  public enum Usage {
    BOTH,
    @Named("sampling-boost")
    SAMPLING_BOOST,
    @Named({"anomaly-trace-capture", "anomaly_trace_capture"})
    ANOMALY_TRACE_CAPTURE,
    NEITHER
  }

  /** Keys under {@code anomalyCaptureLimit}. */
  public record CaptureLimit(
      @Key(
              name = "anomalyTracesPerSecond",
              doc = "The most traces a second to capture.",
              def = "1",
              min = 0,
              max = 1_000_000)
          int anomalyTracesPerSecond) {}

  /** What a file says takes the place of what is not said here, so that equal means equal. */
  public AdaptiveConfig {
    if (version.isPresent() && !(version.get() < 2)) {
      throw new Invalid("version", version.get() + " (expected: less than 2)");
    }
    if (file.isPresent()) {
      if (version.isPresent() || anomalyConditions.isPresent()) {
        throw new Invalid("file", "with other keys beside it (expected: either)");
      }
      var read = readFile(file.get());
      version = read.version;
      anomalyConditions = read.anomalyConditions;
      anomalyCaptureLimit = read.anomalyCaptureLimit;
    }
    anomalyConditions = anomalyConditions.map(List::copyOf);
  }

  private static AdaptiveConfig readFile(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) throw new Invalid("file", file + " is larger than 1 MiB");
      var read = read(Files.readString(file));
      if (read.file.isPresent()) {
        throw new Invalid("file", file + " names another file (expected: keys)");
      }
      return read;
    } catch (IOException e) {
      throw new Invalid("file", file + " cannot be read: " + FileFault.of(e));
    } catch (IllegalArgumentException e) {
      throw new Invalid("file", file + ": " + e.getMessage());
    }
  }

  /**
   * What the environment variable says.
   *
   * @throws IllegalArgumentException when it is wrong; says how
   */
  static AdaptiveConfig ofVariable(String value) {
    return isFile(value) ? readFile(Path.of(value.strip())) : read(value);
  }

  private static boolean isFile(String value) {
    try {
      return Files.exists(Path.of(value.strip()));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private static AdaptiveConfig read(String yaml) {
    var binding = Binder.bind(AdaptiveConfig.class, yaml);
    if (!binding.problems().isEmpty()) {
      throw new IllegalArgumentException(
          binding.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
    return binding.orThrow();
  }
}
