package io.raybridge.xray.explain;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A document as its values by JSON pointer, in the document's order. */
final class Fields {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNameLength(1 << 20).build())
          .build();

  private final Map<String, Value> values = new LinkedHashMap<>();

  /**
   * @param text what it says, without quotes and escapes
   * @param quoted whether it is a text
   */
  record Value(String text, boolean quoted) {}

  private Fields() {}

  static Fields of(String document) {
    var fields = new Fields();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), document)) {
      fields.read(parser);
    }
    return fields;
  }

  Map<String, Value> values() {
    return values;
  }

  private void read(JsonParser in) {
    // Of each container that is open: its own pointer, and how many elements of a list came.
    var open = new ArrayDeque<Place>();
    String name = "";
    for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
      if (token == JsonToken.PROPERTY_NAME) {
        name = in.currentName();
      } else if (token.isStructEnd()) {
        Place closed = open.pop();
        if (closed.count == 0) values.put(closed.pointer, empty(token));
      } else {
        String pointer = open.isEmpty() ? "" : open.peek().next(name);
        if (token.isStructStart()) {
          open.push(new Place(pointer, token == JsonToken.START_ARRAY));
        } else {
          values.put(pointer, new Value(in.getString(), token == JsonToken.VALUE_STRING));
        }
      }
    }
  }

  private static Value empty(JsonToken end) {
    return new Value(end == JsonToken.END_ARRAY ? "[]" : "{}", false);
  }

  private static final class Place {
    private final String pointer;
    private final boolean list;
    private int count;

    Place(String pointer, boolean list) {
      this.pointer = pointer;
      this.list = list;
    }

    String next(String name) {
      int index = count++;
      String step = list ? Integer.toString(index) : name.replace("~", "~0").replace("/", "~1");
      return pointer + '/' + step;
    }
  }
}
