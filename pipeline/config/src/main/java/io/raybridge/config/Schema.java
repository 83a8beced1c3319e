package io.raybridge.config;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.Key;
import io.raybridge.api.Kind;
import io.raybridge.data.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The JSON schema (draft 7, which editors know best) of whole configurations, for completion and
 * checks while typing. Wherever a value may stand, {@code ${...}} may stand as well.
 */
public final class Schema {
  private static final String SELF = "#/definitions/";
  private static final Map<String, Object> EXPRESSION = Map.of("$ref", SELF + "expression");
  private static final Map<String, Object> NOTHING = Map.of("type", "null");

  private final Map<String, Object> definitions = new LinkedHashMap<>();

  private Schema() {}

  /** The schema for collectors with these components. */
  public static String of(List<ComponentFactory<?>> factories) {
    return Json.of(new Schema().root(factories));
  }

  private Map<String, Object> root(List<ComponentFactory<?>> factories) {
    definitions.put("expression", map("type", "string", "pattern", "\\$\\{"));
    definitions.put(
        "ids", anyOf(List.of(map("type", "array", "items", map("type", "string")), EXPRESSION)));
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      properties.put(kind.section(), section(kind, factories));
    }
    properties.put("service", service());
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", "http://json-schema.org/draft-07/schema#");
    root.put("title", "Raybridge configuration");
    root.put("type", "object");
    root.put("properties", properties);
    root.put("additionalProperties", false);
    root.put("required", List.of("service"));
    root.put("definitions", definitions);
    return root;
  }

  private Map<String, Object> section(Kind kind, List<ComponentFactory<?>> factories) {
    Map<String, Object> patterns = new LinkedHashMap<>();
    for (ComponentFactory<?> factory : factories) {
      if (Kind.of(factory) == kind) {
        List<String> names = new ArrayList<>(factory.descriptor().aliases());
        names.addFirst(factory.descriptor().type());
        patterns.put(
            "^(" + String.join("|", names) + ")(/.+)?$",
            anyOf(List.of(record(factory.descriptor().config()), NOTHING, EXPRESSION)));
      }
    }
    return map(
        "type",
        List.of("object", "null"),
        "patternProperties",
        patterns,
        "additionalProperties",
        false);
  }

  private Map<String, Object> service() {
    Map<String, Object> pipeline =
        object(
            map(
                "receivers", Map.of("$ref", SELF + "ids"),
                "processors", Map.of("$ref", SELF + "ids"),
                "exporters", Map.of("$ref", SELF + "ids")));
    pipeline.put("required", List.of("receivers", "exporters"));
    String signals =
        Arrays.stream(Signal.values()).map(Signal::key).collect(Collectors.joining("|"));
    Map<String, Object> pipelines =
        map(
            "type",
            "object",
            "patternProperties",
            map("^(" + signals + ")(/.+)?$", pipeline),
            "additionalProperties",
            false);
    Map<String, Object> service =
        object(
            map(
                "extensions", Map.of("$ref", SELF + "ids"),
                "pipelines", pipelines,
                "telemetry", anyOf(List.of(record(TelemetryConfig.class), NOTHING))));
    service.put("required", List.of("pipelines"));
    return service;
  }

  /** A reference to a record's definition, which is made when it is first needed. */
  private Map<String, Object> record(Class<? extends Record> type) {
    String name = type.getName();
    if (!definitions.containsKey(name)) {
      Map<String, Object> definition = new LinkedHashMap<>();
      definitions.put(name, definition);
      Shape shape = Shape.of(type);
      Map<String, Object> properties = new LinkedHashMap<>();
      List<String> required = new ArrayList<>();
      for (Shape.Field field : shape.fields()) {
        if (field.key().notYet().isEmpty()) {
          properties.put(field.name(), field(field));
        } else if (field.hasDefault()) {
          properties.put(field.name(), map("const", literal(field)));
        }
        if (field.required()) {
          required.add(field.name());
        }
      }
      shape
          .allAbsent()
          .forEach((key, absent) -> {
            if (absent.notYet().isEmpty()) {
              properties.put(key, map("description", "No effect: " + absent.noEffect()));
            }
          });
      definition.putAll(object(properties));
      if (!required.isEmpty()) {
        definition.put("required", required);
      }
    }
    return Map.of("$ref", SELF + name);
  }

  private Map<String, Object> field(Shape.Field field) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", field.key().doc());
    if (field.hasDefault()) {
      schema.put("default", literal(field));
    }
    List<Map<String, Object>> ways = new ArrayList<>(ways(field.form(), field.key()));
    // Nothing written after the colon counts as the key not being there.
    ways.add(NOTHING);
    ways.add(EXPRESSION);
    schema.put("anyOf", ways);
    return schema;
  }

  private List<Map<String, Object>> ways(Form form, Key key) {
    return switch (form) {
      case Form.Scalar scalar -> List.of(scalar(scalar, key));
      case Form.Choice choice -> List.of(map("enum", List.copyOf(choice.constants().keySet())));
      case Form.Anything _ -> List.of(Map.of());
      case Form.Maybe(Form value) -> ways(value, key);
      case Form.Nested nested -> List.of(record(nested.type()));
      case Form.ListOf(Form item) -> {
        Map<String, Object> list = map("type", "array", "items", value(item, key));
        yield item instanceof Form.Scalar ? List.of(list, Map.of("type", "string")) : List.of(list);
      }
      case Form.MapOf(Form value) ->
          List.of(map("type", "object", "additionalProperties", value(value, key)));
    };
  }

  private Map<String, Object> value(Form form, Key key) {
    List<Map<String, Object>> ways = new ArrayList<>(ways(form, key));
    ways.add(EXPRESSION);
    return anyOf(ways);
  }

  private static Map<String, Object> scalar(Form.Scalar scalar, Key key) {
    return switch (scalar) {
      case TEXT, SECRET, PATH -> map("type", List.of("string", "number", "boolean"));
      case INT, LONG -> range(map("type", "integer"), key);
      case DOUBLE -> range(map("type", "number"), key);
      case BOOLEAN -> map("type", "boolean");
      case DURATION ->
          map(
              "type",
              List.of("string", "integer"),
              "pattern",
              "^(0|([0-9]*\\.?[0-9]+(ns|us|µs|ms|s|m|h))+)$",
              "maximum",
              0);
    };
  }

  private static Map<String, Object> range(Map<String, Object> schema, Key key) {
    if (key.min() != Long.MIN_VALUE) {
      schema.put("minimum", key.min());
    }
    if (key.max() != Long.MAX_VALUE) {
      schema.put("maximum", key.max());
    }
    return schema;
  }

  private static Object literal(Shape.Field field) {
    Form form = field.form() instanceof Form.Maybe(Form inner) ? inner : field.form();
    boolean text =
        form == Form.Scalar.TEXT || form == Form.Scalar.PATH || form == Form.Scalar.DURATION;
    Tree tree = text ? null : YamlReader.read(field.key().def(), "default", new Problems());
    return tree == null ? field.key().def() : Free.value(tree);
  }

  private static Map<String, Object> object(Map<String, Object> properties) {
    return map("type", "object", "properties", properties, "additionalProperties", false);
  }

  private static Map<String, Object> anyOf(List<Map<String, Object>> ways) {
    return map("anyOf", ways);
  }

  /** A map in the order of its arguments, which is the order in which it is written. */
  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
