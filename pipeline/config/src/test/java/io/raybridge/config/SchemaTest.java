package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaTest {
  final Map<?, ?> schema = parse(Schema.of(Shop.FACTORIES));

  @Test
  void everySection_listsItsTypesAndNoOthers() {
    assertThat(keys("properties"))
        .containsExactlyInAnyOrder(
            "receivers", "processors", "exporters", "connectors", "extensions", "service");
    assertThat(keys("properties", "exporters", "patternProperties"))
        .containsExactlyInAnyOrder(
            "^(debug)(/.+)?$", "^(awsxray)(/.+)?$", "^(otlp_http|otlphttp)(/.+)?$");
    assertThat(at("properties", "exporters", "additionalProperties")).isEqualTo(false);
  }

  @Test
  void record_becomesADefinitionWithItsKeys() {
    String client = Shop.Client.class.getName();

    assertThat(keys("definitions", client, "properties"))
        .containsExactlyInAnyOrder("endpoint", "headers", "token", "timeout", "ratio");
    assertThat(at("definitions", client, "required")).isEqualTo(List.of("endpoint"));
    assertThat(at("definitions", client, "additionalProperties")).isEqualTo(false);
    assertThat(at("definitions", client, "properties", "timeout", "default")).isEqualTo("30s");
    assertThat(at("definitions", client, "properties", "ratio", "anyOf"))
        .isEqualTo(
            List.of(
                Map.of("type", "number", "minimum", 0L, "maximum", 1L),
                Map.of("type", "null"),
                Map.of("$ref", "#/definitions/expression")));
    assertThat(at("definitions", Shop.Action.class.getName(), "properties", "action", "anyOf"))
        .asString()
        .contains("[insert, update, upsert, delete]");
  }

  @Test
  void everyReference_leadsToADefinition() {
    assertThat(references(schema))
        .isNotEmpty()
        .allSatisfy(reference ->
            assertThat(keys("definitions"))
                .contains(reference.substring("#/definitions/".length())));
  }

  private static List<String> references(Object node) {
    return switch (node) {
      case Map<?, ?> map when map.get("$ref") instanceof String reference -> List.of(reference);
      case Map<?, ?> map ->
          map.values().stream().flatMap(value -> references(value).stream()).toList();
      case List<?> list -> list.stream().flatMap(value -> references(value).stream()).toList();
      default -> List.of();
    };
  }

  private List<String> keys(String... path) {
    return ((Map<?, ?>) at(path)).keySet().stream().map(String::valueOf).toList();
  }

  private Object at(String... path) {
    Object node = schema;
    for (String step : path) {
      node = ((Map<?, ?>) node).get(step);
    }
    return node;
  }

  private static Map<?, ?> parse(String json) {
    return (Map<?, ?>) Free.value(YamlReader.read(json, "schema", new Problems()));
  }
}
