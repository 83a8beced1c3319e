package io.raybridge.xray;

import java.util.ArrayList;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** JSON in one form for all that says the same: keys in order, numbers by value. */
final class SameJson {
  private SameJson() {}

  static String of(String json) {
    return of(Otlp.LENIENT.readTree(json));
  }

  static String of(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT ->
          node.properties().stream()
              .sorted(java.util.Map.Entry.comparingByKey())
              .map(member ->
                  '"' + member.getKey() + "\":" + value(member.getKey(), member.getValue()))
              .collect(Collectors.joining(",\n", "{", "}"));
      case ARRAY -> {
        var elements = new ArrayList<String>();
        for (JsonNode element : node) elements.add(of(element));
        yield elements.toString();
      }
      case NUMBER -> node.decimalValue().stripTrailingZeros().toString();
      default -> node.toString();
    };
  }

  /** Embedded subsegments have no order: those that cannot be spans come first. */
  private static String value(String key, JsonNode value) {
    if (!key.equals("subsegments") || !value.isArray()) return of(value);
    var elements = new ArrayList<String>();
    for (JsonNode element : value) elements.add(of(element));
    return elements.stream().sorted().toList().toString();
  }
}
