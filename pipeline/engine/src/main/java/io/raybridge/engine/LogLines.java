package io.raybridge.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes log lines as the Go collector does: tab-separated with the fields as JSON at the end, or
 * one JSON object a line. A line leaves in one write, so nothing is left to flush at the end.
 */
final class LogLines {
  /** How a line is written. */
  enum Encoding {
    CONSOLE,
    JSON
  }

  /** Made with the first line, since time zones take a moment to load. */
  private static final class Time {
    static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXX").withZone(ZoneId.systemDefault());
  }

  private final Encoding encoding;
  private final List<OutputStream> outputs;
  private final boolean stacks;
  private final Map<String, ?> initialFields;

  /**
   * @param stacks whether what was thrown is written with its stack
   * @param initialFields fields of every line
   */
  LogLines(
      Encoding encoding, List<OutputStream> outputs, boolean stacks, Map<String, ?> initialFields) {
    this.encoding = encoding;
    this.outputs = List.copyOf(outputs);
    this.stacks = stacks;
    this.initialFields = Map.copyOf(initialFields);
  }

  /** One line. Fields that are given twice win over initial ones by standing last. */
  void write(
      Instant time,
      System.Logger.Level level,
      String message,
      Map<String, ?> fields,
      @Nullable Throwable thrown) {
    var line =
        switch (encoding) {
          case CONSOLE -> console(time, level, message, fields, thrown);
          case JSON -> json(time, level, message, fields, thrown);
        };
    var bytes = line.getBytes(StandardCharsets.UTF_8);
    synchronized (outputs) {
      for (var output : outputs) {
        try {
          output.write(bytes);
          output.flush();
        } catch (IOException e) {
          // Nowhere is left to say it.
        }
      }
    }
  }

  private String console(
      Instant time,
      System.Logger.Level level,
      String message,
      Map<String, ?> fields,
      @Nullable Throwable thrown) {
    var out = new StringBuilder(160);
    out.append(Time.FORMAT.format(time))
        .append('\t')
        .append(word(level))
        .append('\t')
        .append(message);
    if (!initialFields.isEmpty() || !fields.isEmpty() || thrown != null) {
      out.append("\t{");
      int start = out.length();
      appendFields(out, start, ": ", fields, thrown);
      out.append('}');
    }
    if (thrown != null && stacks) out.append('\n').append(stack(thrown));
    return out.append('\n').toString();
  }

  private String json(
      Instant time,
      System.Logger.Level level,
      String message,
      Map<String, ?> fields,
      @Nullable Throwable thrown) {
    var out = new StringBuilder(200).append('{');
    int start = out.length();
    field(out, start, ":", "level", word(level));
    field(out, start, ":", "ts", Time.FORMAT.format(time));
    field(out, start, ":", "msg", message);
    appendFields(out, start, ":", fields, thrown);
    if (thrown != null && stacks) field(out, start, ":", "stacktrace", stack(thrown));
    return out.append("}\n").toString();
  }

  private void appendFields(
      StringBuilder out,
      int start,
      String colon,
      Map<String, ?> fields,
      @Nullable Throwable thrown) {
    initialFields.forEach((key, value) -> field(out, start, colon, key, value));
    fields.forEach((key, value) -> field(out, start, colon, key, value));
    if (thrown != null) field(out, start, colon, "error", thrown.toString());
  }

  private static void field(StringBuilder out, int start, String colon, String key, Object value) {
    if (out.length() > start) out.append(colon.length() > 1 ? ", " : ",");
    quote(out, key);
    out.append(colon);
    if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      quote(out, value.toString());
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static String stack(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString().stripTrailing();
  }

  private static String word(System.Logger.Level level) {
    return switch (level) {
      case ALL, TRACE, DEBUG -> "debug";
      case INFO -> "info";
      case WARNING -> "warn";
      case ERROR, OFF -> "error";
    };
  }
}
