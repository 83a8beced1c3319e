package io.raybridge.config;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code service.telemetry}: what the collector says about itself, with the Go collector's keys.
 */
public record TelemetryConfig(
    @Key(doc = "The collector's own log.") Logs logs,
    @Key(doc = "The collector's own metrics.") Metrics metrics,
    @Key(doc = "The collector's own spans.") Traces traces,
    @Key(
            doc =
                "Attributes of the collector's own telemetry: names to values, or a list"
                    + " \"attributes\" of name and value. An empty value takes an attribute away.")
        Map<String, Object> resource) {

  /** How detailed metrics or traces are. */
  public enum Level {
    NONE,
    BASIC,
    NORMAL,
    DETAILED
  }

  /** What is logged and where. */
  @Absent(
      keys = {"disable_caller", "disable_zap_resource", "error_output_paths"},
      noEffect = "log lines have no such part here")
  @Absent(
      keys = "processors",
      notYet = "the log goes to output_paths only; have a log agent pick it up there")
  public record Logs(
      @Key(doc = "The least important lines that are logged.", def = "info") LogLevel level,
      @Key(doc = "One line of text, or one JSON object a line.", def = "console") Encoding encoding,
      @Key(
              doc = "Stack traces from warn on.",
              def = "false",
              noEffect = "stack traces are logged with every error")
          boolean development,
      @Key(doc = "Leave stack traces out.", def = "false") boolean disableStacktrace,
      @Key(doc = "Where lines go: stderr, stdout or files.", def = "[stderr]")
          List<String> outputPaths,
      @Key(
              doc =
                  "Start a log file anew when it has so many megabytes, and keep the one before as"
                      + " FILE.1; 0: never. Not a key of the Go Collector.",
              def = "0",
              min = 0)
          int rotateMegabytes,
      @Key(doc = "Fields added to every line.") Map<String, Object> initialFields,
      @Key(
              doc = "Drop repeated lines.",
              noEffect = "lines are not sampled; what repeats is limited where it is logged")
          Sampling sampling) {}

  /** The severities of the Go collector's log. */
  public enum LogLevel {
    DEBUG,
    INFO,
    @Named({"warn", "warning"})
    WARN,
    @Named({"error", "dpanic", "panic", "fatal"})
    ERROR
  }

  /** The form of a log line. */
  public enum Encoding {
    CONSOLE,
    JSON
  }

  /** The Go collector's sampling of its log. */
  public record Sampling(
      @Key(doc = "Whether to sample.", def = "false") boolean enabled,
      @Key(doc = "The length of a round.", def = "10s") java.time.Duration tick,
      @Key(doc = "Lines logged at the start of a round.", def = "10") int initial,
      @Key(doc = "Every how many lines after that one is logged.", def = "100") int thereafter) {}

  /** Which metrics there are and where they are read. */
  @Absent(keys = "views", notYet = "leave it out, and drop metrics where you read them")
  public record Metrics(
      @Key(doc = "How many metrics; none closes the listener.", def = "normal") Level level,
      @Key(doc = "host:port of the Prometheus listener; readers say the same since 2024.")
          Optional<String> address,
      @Key(doc = "Who reads; without this, Prometheus on localhost:8888.")
          Optional<List<Reader>> readers) {
    public Metrics {
      if (address.isPresent() && Prometheus.at(address.get()).isEmpty()) {
        throw new Invalid("address", "\"" + address.get() + "\" (expected: host:port)");
      }
    }

    /** Where Prometheus may read. Nowhere if the level is none or readers say so. */
    public List<Prometheus> prometheus() {
      List<Prometheus> listeners = new ArrayList<>();
      if (level == Level.NONE) {
        return listeners;
      }
      address.flatMap(Prometheus::at).ifPresent(listeners::add);
      for (Reader reader : readers.orElse(List.of())) {
        reader.pull().flatMap(pull -> pull.exporter().prometheus()).ifPresent(listeners::add);
      }
      if (address.isEmpty() && readers.isEmpty()) {
        listeners.add(Prometheus.DEFAULT);
      }
      return listeners;
    }
  }

  /** One reader of the collector's metrics. */
  public record Reader(
      @Key(doc = "Somebody who comes and asks.") Optional<Pull> pull,
      @Key(
              doc = "Sent out from time to time.",
              notYet = "let a prometheus receiver read the pull reader and send from a pipeline")
          Optional<Object> periodic) {}

  /** A reader that comes and asks. */
  @Absent(
      keys = {"producers", "cardinality_limits"},
      notYet = "leave it out")
  public record Pull(@Key(doc = "In which protocol.") PullExporter exporter) {}

  /** The protocols that a reader may ask in. */
  public record PullExporter(@Key(doc = "Prometheus text.") Optional<Prometheus> prometheus) {}

  /** A listener for Prometheus. */
  @Absent(keys = "with_resource_constant_labels", notYet = "leave it out; target_info has them")
  public record Prometheus(
      @Key(doc = "The address to listen on.", def = "localhost") String host,
      @Key(doc = "The port to listen on.", def = "8888", min = 0, max = 65535) int port,
      @Key(doc = "No otel_scope labels.", def = "true", notYet = "leave it out")
          boolean withoutScopeInfo,
      @Key(doc = "No units in names.", def = "true", notYet = "leave it out") boolean withoutUnits,
      @Key(doc = "No _total in names.", def = "true", notYet = "leave it out")
          boolean withoutTypeSuffix) {
    static final Prometheus DEFAULT = new Prometheus("localhost", 8888, true, true, true);

    static Optional<Prometheus> at(String address) {
      int colon = address.lastIndexOf(':');
      OptionalLong port =
          colon < 0 ? OptionalLong.empty() : CoreSchema.integer(address.substring(colon + 1));
      if (port.isEmpty() || port.getAsLong() < 0 || port.getAsLong() > 65535) {
        return Optional.empty();
      }
      String host = address.substring(0, colon);
      return Optional.of(
          new Prometheus(
              host.isEmpty() ? "0.0.0.0" : host, (int) port.getAsLong(), true, true, true));
    }
  }

  /** The collector's own spans, of which there are none yet. */
  @Absent(keys = "processors", notYet = "the collector makes no spans of its own")
  public record Traces(
      @Key(doc = "How many spans.", def = "basic", noEffect = "there are no spans to limit")
          Level level,
      @Key(doc = "How context travels.", noEffect = "there are no spans to connect")
          List<String> propagators) {}

  /** The same with another level of the log. */
  public TelemetryConfig withLogLevel(LogLevel level) {
    var other =
        new Logs(
            level,
            logs.encoding,
            logs.development,
            logs.disableStacktrace,
            logs.outputPaths,
            logs.rotateMegabytes,
            logs.initialFields,
            logs.sampling);
    return new TelemetryConfig(other, metrics, traces, resource);
  }

  /** The attributes that the resource adds, whichever way it is written. */
  public Map<String, String> resourceAttributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (resource.get("attributes") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> pair && pair.get("name") != null) {
          attributes.put(String.valueOf(pair.get("name")), String.valueOf(pair.get("value")));
        }
      }
    } else {
      resource.forEach((name, value) -> attributes.put(name, String.valueOf(value)));
    }
    return attributes;
  }
}
