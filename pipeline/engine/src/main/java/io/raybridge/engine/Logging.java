package io.raybridge.engine;

import io.raybridge.api.ComponentId;
import io.raybridge.config.TelemetryConfig;
import io.raybridge.engine.LogLines.Encoding;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where all log lines of the process come together: those of components and of the engine directly,
 * those of libraries (java.util.logging, and SLF4J and System.Logger through it) from warnings on.
 */
final class Logging {
  private final LogLines lines;
  private volatile System.Logger.Level threshold;

  Logging(LogLines lines, System.Logger.Level threshold) {
    this.lines = lines;
    this.threshold = threshold;
  }

  /**
   * Writes as configured, and takes over the logging of libraries, for the whole process.
   *
   * @throws StartException when a file cannot be written to
   */
  static Logging install(TelemetryConfig.Logs config) throws StartException {
    List<OutputStream> outputs = new ArrayList<>();
    for (var path : config.outputPaths()) outputs.add(open(path, config.rotateMegabytes()));
    var lines =
        new LogLines(
            config.encoding() == TelemetryConfig.Encoding.JSON ? Encoding.JSON : Encoding.CONSOLE,
            outputs,
            !config.disableStacktrace(),
            config.initialFields());
    var logging = new Logging(lines, threshold(config));
    logging.captureLibraries();
    return logging;
  }

  private static System.Logger.Level threshold(TelemetryConfig.Logs config) {
    return switch (config.level()) {
      case DEBUG -> System.Logger.Level.DEBUG;
      case INFO -> System.Logger.Level.INFO;
      case WARN -> System.Logger.Level.WARNING;
      case ERROR -> System.Logger.Level.ERROR;
    };
  }

  /** From now on lines of this level and above are written, also by loggers that are there. */
  void level(TelemetryConfig.Logs config) {
    threshold = threshold(config);
    limitLibraries();
  }

  private static OutputStream open(String path, int megabytes) throws StartException {
    try {
      return switch (path) {
        case "stderr" -> new FileOutputStream(FileDescriptor.err);
        case "stdout" -> new FileOutputStream(FileDescriptor.out);
        default -> {
          var file = path.startsWith("file://") ? path.substring(7) : path;
          yield megabytes == 0
              ? new FileOutputStream(file, true)
              : new RotatingFile(Path.of(file), megabytes * 1024L * 1024L);
        }
      };
    } catch (IOException e) {
      throw new StartException(
          "cannot write the log (service.telemetry.logs.output_paths): " + e.getMessage(), e);
    }
  }

  /** Takes over the logging of libraries, for the whole process. */
  private void captureLibraries() {
    LogManager.getLogManager().reset();
    limitLibraries();
    Logger.getLogger("").addHandler(new FromLibraries());
  }

  private void limitLibraries() {
    Logger.getLogger("")
        .setLevel(
            threshold.compareTo(System.Logger.Level.ERROR) >= 0 ? Level.SEVERE : Level.WARNING);
  }

  /** The logger of a component. */
  System.Logger of(ComponentId id) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("otelcol.component.id", id.toString());
    fields.put("otelcol.component.kind", id.kind().word());
    return new Log(id.kind().word() + "." + id, lines, () -> threshold, fields);
  }

  /** The collector's own logger. */
  System.Logger collector() {
    return new Log("raybridge", lines, () -> threshold, Map.of());
  }

  private final class FromLibraries extends Handler {
    @Override
    public void publish(LogRecord entry) {
      if (!isLoggable(entry)) return;
      lines.write(
          entry.getInstant(),
          level(entry.getLevel()),
          message(entry),
          Map.of("logger", String.valueOf(entry.getLoggerName())),
          entry.getThrown());
    }

    private static String message(LogRecord entry) {
      var params = entry.getParameters();
      var message = String.valueOf(entry.getMessage());
      if (params == null || params.length == 0 || !message.contains("{0")) return message;
      try {
        return MessageFormat.format(message, params);
      } catch (IllegalArgumentException e) {
        return message;
      }
    }

    private static System.Logger.Level level(Level level) {
      int value = level.intValue();
      if (value >= Level.SEVERE.intValue()) return System.Logger.Level.ERROR;
      if (value >= Level.WARNING.intValue()) return System.Logger.Level.WARNING;
      if (value >= Level.INFO.intValue()) return System.Logger.Level.INFO;
      return System.Logger.Level.DEBUG;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
