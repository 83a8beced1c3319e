package io.raybridge.testkit;

import java.text.MessageFormat;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A logger that keeps its lines as {@code LEVEL message}, parameters filled in. */
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
    boolean plain = params == null || params.length == 0;
    lines.add(level + " " + (plain ? format : MessageFormat.format(format, params)));
  }
}
