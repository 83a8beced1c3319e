package io.raybridge.config;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers and truth values as indented JSON. */
final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  static String of(Object value) {
    Json json = new Json();
    json.value(value, "\n");
    return json.out.append('\n').toString();
  }

  private void value(@Nullable Object value, String indent) {
    switch (value) {
      case Map<?, ?> map -> map(map, indent);
      case List<?> list -> list(list, indent);
      case String text -> text(text);
      case null, default -> out.append(value);
    }
  }

  private void map(Map<?, ?> map, String indent) {
    out.append('{');
    String inner = indent + "  ";
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      out.append(inner);
      text(String.valueOf(entry.getKey()));
      out.append(": ");
      value(entry.getValue(), inner);
      out.append(i.hasNext() ? "," : indent);
    }
    out.append('}');
  }

  private void list(List<?> list, String indent) {
    out.append('[');
    String inner = indent + "  ";
    for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
      out.append(inner);
      value(i.next(), inner);
      out.append(i.hasNext() ? "," : indent);
    }
    out.append(']');
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
