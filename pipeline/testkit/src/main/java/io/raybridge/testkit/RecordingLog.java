package io.raybridge.testkit;

import java.text.MessageFormat;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A logger that keeps its lines as {@code LEVEL message key=value}, parameters filled in, fields
 * behind.
 */
public final class RecordingLog implements System.Logger {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** All lines so far, of every level. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The lines of this level and above. */
  public List<String> lines(Level atLeast) {
    return lines.stream()
        .filter(line -> Level.valueOf(line.substring(0, line.indexOf(' '))).compareTo(atLeast) >= 0)
        .toList();
  }

  @Override
  public String getName() {
    return "recording";
  }

  @Override
  public boolean isLoggable(Level level) {
    return true;
  }

  @Override
  public void log(
      Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
    lines.add(level + " " + message + (thrown == null ? "" : ": " + thrown));
  }

  @Override
  public void log(
      Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... params) {
    var line = new StringBuilder(level + " ");
    boolean places = false;
    var fields = new StringBuilder();
    for (var param : params == null ? new Object[0] : params) {
      if (param instanceof Map.Entry<?, ?> field) {
        fields.append(' ').append(field.getKey()).append('=').append(field.getValue());
      } else {
        places = true;
      }
    }
    line.append(places ? MessageFormat.format(format, params) : format).append(fields);
    lines.add(line.toString());
  }
}
