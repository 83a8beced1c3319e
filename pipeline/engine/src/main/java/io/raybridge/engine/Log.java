package io.raybridge.engine;

import java.text.MessageFormat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A component's logger: its lines carry which component speaks. A parameter that is a {@link
 * Map.Entry} becomes a field of the line, all others fill the message's places.
 */
final class Log implements System.Logger {
  private final String name;
  private final LogLines lines;
  private final Supplier<Level> threshold;
  private final Map<String, String> fields;

  Log(String name, LogLines lines, Supplier<Level> threshold, Map<String, String> fields) {
    this.name = name;
    this.lines = lines;
    this.threshold = threshold;
    this.fields = fields;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF && level.compareTo(threshold.get()) >= 0;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (!isLoggable(level)) return;
    lines.write(Instant.now(), level, String.valueOf(message), fields, thrown);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... params) {
    if (!isLoggable(level)) return;
    var message = String.valueOf(format);
    if (params == null || params.length == 0) {
      lines.write(Instant.now(), level, message, fields, null);
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>(fields);
    boolean places = false;
    for (var param : params) {
      if (param instanceof Map.Entry<?, ?> field) {
        all.put(String.valueOf(field.getKey()), String.valueOf(field.getValue()));
        if (field.getValue() instanceof Number number) all.put(field.getKey().toString(), number);
      } else {
        places = true;
      }
    }
    lines.write(
        Instant.now(), level, places ? MessageFormat.format(message, params) : message, all, null);
  }
}
