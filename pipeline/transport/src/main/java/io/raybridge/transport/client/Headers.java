package io.raybridge.transport.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order they were added. Names and values are checked when added, so that no
 * value can begin a new line (<a href="https://www.rfc-editor.org/rfc/rfc9110.html#section-5.5">RFC
 * 9110, 5.5</a>).
 */
public final class Headers {
  private final List<String> fields = new ArrayList<>(16);

  /**
   * Adds a field.
   *
   * @throws IllegalArgumentException when name or value cannot stand in a header
   */
  public Headers add(String name, String value) {
    checkName(name);
    checkValue(name, value);
    fields.add(name);
    fields.add(value);
    return this;
  }

  /**
   * Puts a field in the place of all of its name in any case.
   *
   * @throws IllegalArgumentException when name or value cannot stand in a header
   */
  public Headers set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  /** Removes all fields of this name in any case. */
  public void remove(String name) {
    for (int i = fields.size() - 2; i >= 0; i -= 2) {
      if (fields.get(i).equalsIgnoreCase(name)) fields.subList(i, i + 2).clear();
    }
  }

  /** The value of the first field of this name in any case, or null. */
  public @Nullable String get(String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equalsIgnoreCase(name)) return fields.get(i + 1);
    }
    return null;
  }

  /** Visits name and value of all fields. */
  public void forEach(BiConsumer<String, String> visitor) {
    for (int i = 0; i < fields.size(); i += 2) visitor.accept(fields.get(i), fields.get(i + 1));
  }

  /** What a server sent is taken as it is: the parser has already cut it into fields. */
  void addReceived(String name, String value) {
    fields.add(name);
    fields.add(value);
  }

  /** How many fields there are. */
  public int size() {
    return fields.size() / 2;
  }

  /** The name of a field, in the order they were added. */
  public String name(int index) {
    return fields.get(2 * index);
  }

  /** The value of a field, in the order they were added. */
  public String value(int index) {
    return fields.get(2 * index + 1);
  }

  private static void checkName(String name) {
    if (name.isEmpty()) throw new IllegalArgumentException("a header name is empty");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ':') {
        throw new IllegalArgumentException(
            "header name has character " + (int) c + " (expected: letters, digits and hyphens)");
      }
    }
  }

  private static void checkValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c >= 0x7f) {
        throw new IllegalArgumentException(
            "header " + name + " has character " + (int) c + " (expected: printable ASCII)");
      }
    }
  }
}
