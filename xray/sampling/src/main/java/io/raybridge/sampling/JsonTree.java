package io.raybridge.sampling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists, texts, numbers and truth values: for small documents that people write. */
final class JsonTree {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonTree() {}

  static @Nullable Object read(byte[] text) throws RuleException {
    try (var in = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (in.nextToken() == null) throw new RuleException("is empty (expected: JSON)");
      var value = value(in);
      if (in.nextToken() != null) {
        throw new RuleException("has more behind its first value (expected: one JSON value)");
      }
      return value;
    } catch (JacksonException e) {
      var place = e.getLocation();
      throw new RuleException(
          (place == null
                  ? ""
                  : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ")
              + "is no JSON: "
              + e.getOriginalMessage());
    }
  }

  private static @Nullable Object value(JsonParser in) throws RuleException {
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
          var name = in.currentName();
          in.nextToken();
          map.put(name, value(in));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) list.add(value(in));
        yield list;
      }
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new RuleException("has " + in.currentToken() + " (expected: a JSON value)");
    };
  }
}
