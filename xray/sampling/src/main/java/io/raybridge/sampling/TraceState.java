package io.raybridge.sampling;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tracestate: the section {@code ot} with randomness and threshold, and the sections of others,
 * which stay as they are. See <a
 * href="https://www.w3.org/TR/trace-context-2/#tracestate-header">W3C</a> and <a
 * href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/">OpenTelemetry</a>.
 */
public final class TraceState {
  private static final int MOST_CHARACTERS = 1024;
  private static final int MOST_SECTIONS = 32;
  private static final int MOST_IN_OT = 256;

  private final List<String> others = new ArrayList<>(0);
  private final List<String> unknown = new ArrayList<>(0);
  private @Nullable Long randomness;
  private String randomnessText = "";
  private @Nullable Long threshold;

  private TraceState() {}

  /** Reads one; null when it is not as the specifications have it. */
  public static @Nullable TraceState parse(String text) {
    var state = new TraceState();
    return state.read(text) ? state : null;
  }

  private boolean read(String text) {
    if (text.length() > MOST_CHARACTERS) return false;
    int sections = 0;
    for (int from = 0; from < text.length(); ) {
      int comma = text.indexOf(',', from);
      int end = comma < 0 ? text.length() : comma;
      String section = text.substring(from, end).strip();
      from = end + 1;
      if (section.isEmpty()) continue;
      if (++sections > MOST_SECTIONS || !readSection(section)) return false;
    }
    return true;
  }

  private boolean readSection(String section) {
    int equals = section.indexOf('=');
    if (equals < 1 || equals == section.length() - 1) return false;
    if (section.startsWith("ot=")) return readOt(section.substring(3));
    for (int i = 0; i < section.length(); i++) {
      char c = section.charAt(i);
      boolean fits = i < equals ? isKey(c) : c >= ' ' && c <= '~' && (i == equals || c != '=');
      if (!fits) return false;
    }
    others.add(section);
    return true;
  }

  private static boolean isKey(char c) {
    return isLowerOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
  }

  private static boolean isLowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private boolean readOt(String ot) {
    if (ot.length() > MOST_IN_OT) return false;
    for (String member : ot.split(";", -1)) {
      int colon = member.indexOf(':');
      if (colon < 1 || !isOt(member, colon)) return false;
      String value = member.substring(colon + 1);
      switch (member.substring(0, colon)) {
        case "rv" -> {
          randomness = Threshold.parseRandomness(value);
          randomnessText = value;
          if (randomness == null) return false;
        }
        case "th" -> {
          threshold = Threshold.parse(value);
          if (threshold == null) return false;
        }
        default -> unknown.add(member);
      }
    }
    return true;
  }

  private static boolean isOt(String member, int colon) {
    if (member.charAt(0) < 'a' || member.charAt(0) > 'z') return false;
    for (int i = 0; i < member.length(); i++) {
      char c = member.charAt(i);
      boolean inValue = (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
      if (i != colon && !isLowerOrDigit(c) && (i < colon || !inValue)) return false;
    }
    return true;
  }

  /** Whether it has {@code rv}. */
  public boolean hasRandomness() {
    return randomness != null;
  }

  /** The randomness in {@code rv}, 0 without. */
  public long randomness() {
    return randomness == null ? 0 : randomness;
  }

  /** Sets {@code rv}. */
  public void setRandomness(long value) {
    randomness = value;
    randomnessText = Threshold.randomnessText(value);
  }

  /** Whether it has {@code th}. */
  public boolean hasThreshold() {
    return threshold != null;
  }

  /** The threshold in {@code th}, always without. */
  public long threshold() {
    return threshold == null ? Threshold.ALWAYS : threshold;
  }

  /** Sets {@code th}. */
  public void setThreshold(long value) {
    threshold = value;
  }

  /** Takes {@code th} out. */
  public void clearThreshold() {
    threshold = null;
  }

  /** As it is to be written. */
  public String text() {
    var text = new StringBuilder();
    String before = "ot=";
    if (randomness != null) {
      text.append(before).append("rv:").append(randomnessText);
      before = ";";
    }
    if (threshold != null) {
      text.append(before).append("th:").append(Threshold.text(threshold));
      before = ";";
    }
    for (String member : unknown) {
      text.append(before).append(member);
      before = ";";
    }
    for (String section : others) text.append(text.isEmpty() ? "" : ",").append(section);
    return text.toString();
  }
}
