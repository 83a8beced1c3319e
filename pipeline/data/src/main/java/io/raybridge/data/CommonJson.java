package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;

/** What the three signals have in common, between JSON and objects. */
final class CommonJson {
  private CommonJson() {}

  static void readResource(JsonReader in, Resource resource) throws MalformedBatchException {
    resource.present = true;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "attributes" -> readAttributes(in, resource.attributes);
        case "droppedAttributesCount", "dropped_attributes_count" ->
            resource.droppedAttributesCount = in.uint32();
        case "entityRefs", "entity_refs" -> {
          in.array();
          while (in.element()) resource.entityRefs().add(readEntityRef(in));
        }
        default -> in.skip();
      }
    }
  }

  static void writeResource(JsonWriter out, Resource resource) {
    if (resource.isAbsent()) return;
    out.message("resource");
    writeAttributes(out, "attributes", resource.attributes);
    out.uint32("droppedAttributesCount", resource.droppedAttributesCount);
    if (resource.entityRefs != null && !resource.entityRefs.isEmpty()) {
      out.array("entityRefs");
      for (var entity : resource.entityRefs) writeEntityRef(out, entity);
      out.endArray();
    }
    out.endMessage();
  }

  private static EntityRef readEntityRef(JsonReader in) throws MalformedBatchException {
    var entity = new EntityRef();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "schemaUrl", "schema_url" -> entity.schemaUrl = in.string();
        case "type" -> entity.type = in.string();
        case "idKeys", "id_keys" -> readStrings(in, entity.idKeys);
        case "descriptionKeys", "description_keys" -> readStrings(in, entity.descriptionKeys);
        default -> in.skip();
      }
    }
    return entity;
  }

  private static void writeEntityRef(JsonWriter out, EntityRef entity) {
    out.message();
    out.string("schemaUrl", entity.schemaUrl);
    out.string("type", entity.type);
    out.strings("idKeys", entity.idKeys);
    out.strings("descriptionKeys", entity.descriptionKeys);
    out.endMessage();
  }

  static void readScope(JsonReader in, Scope scope) throws MalformedBatchException {
    scope.present = true;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "name" -> scope.name = in.string();
        case "version" -> scope.version = in.string();
        case "attributes" -> readAttributes(in, scope.attributes);
        case "droppedAttributesCount", "dropped_attributes_count" ->
            scope.droppedAttributesCount = in.uint32();
        default -> in.skip();
      }
    }
  }

  static void writeScope(JsonWriter out, Scope scope) {
    if (scope.isAbsent()) return;
    out.message("scope");
    out.string("name", scope.name);
    out.string("version", scope.version);
    writeAttributes(out, "attributes", scope.attributes);
    out.uint32("droppedAttributesCount", scope.droppedAttributesCount);
    out.endMessage();
  }

  static void readAttributes(JsonReader in, Attributes attributes) throws MalformedBatchException {
    in.array();
    while (in.element()) readKeyValue(in, attributes);
  }

  static void writeAttributes(JsonWriter out, String name, Attributes attributes) {
    if (attributes.isEmpty()) return;
    out.array(name);
    for (int i = 0; i < attributes.size(); i++) {
      out.message();
      out.string("key", attributes.keyAt(i));
      var value = attributes.rawValueAt(i);
      if (value != null) writeValue(out, "value", value);
      out.endMessage();
    }
    out.endArray();
  }

  static Value readValue(JsonReader in) throws MalformedBatchException {
    var value = Value.empty();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "stringValue", "string_value" -> value = Value.of(in.string());
        case "boolValue", "bool_value" -> value = Value.of(in.bool());
        case "intValue", "int_value" -> value = Value.of(in.int64());
        case "doubleValue", "double_value" -> value = Value.of(in.number());
        case "arrayValue", "array_value" -> value = readArray(in);
        case "kvlistValue", "kvlist_value" -> value = readMap(in);
        case "bytesValue", "bytes_value" -> value = Value.of(in.bytes());
        default -> in.skip();
      }
    }
    return value;
  }

  static void writeValue(JsonWriter out, String name, Value value) {
    out.message(name);
    writeFields(out, value);
    out.endMessage();
  }

  private static void writeFields(JsonWriter out, Value value) {
    switch (value) {
      case Value.Str(var text) -> out.stringAlways("stringValue", text);
      case Value.Bool(var bool) -> out.boolAlways("boolValue", bool);
      case Value.Int(var number) -> out.int64Always("intValue", number);
      case Value.Dbl(var number) -> out.numberAlways("doubleValue", number);
      case Value.Arr(var values) -> {
        out.message("arrayValue");
        if (!values.isEmpty()) {
          out.array("values");
          for (var each : values) {
            out.message();
            writeFields(out, each);
            out.endMessage();
          }
          out.endArray();
        }
        out.endMessage();
      }
      case Value.Kvs(var entries) -> {
        out.message("kvlistValue");
        writeAttributes(out, "values", entries);
        out.endMessage();
      }
      case Value.Bytes(var bytes) -> out.bytes("bytesValue", bytes);
      case Value.Empty() -> {}
      // The rest has no name in JSON.
      case Value.Other(var known, _) -> writeFields(out, known);
    }
  }

  private static void readKeyValue(JsonReader in, Attributes into) throws MalformedBatchException {
    var key = "";
    Value value = null;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "key" -> key = in.string();
        case "value" -> value = readValue(in);
        default -> in.skip();
      }
    }
    into.append(key, value, null);
  }

  private static Value readArray(JsonReader in) throws MalformedBatchException {
    var values = new ArrayList<Value>();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      if (field.equals("values")) {
        in.array();
        while (in.element()) values.add(readValue(in));
      } else {
        in.skip();
      }
    }
    return Value.of(values);
  }

  private static Value readMap(JsonReader in) throws MalformedBatchException {
    var entries = new Attributes();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      if (field.equals("values")) {
        readAttributes(in, entries);
      } else {
        in.skip();
      }
    }
    return Value.of(entries);
  }

  private static void readStrings(JsonReader in, List<String> into) throws MalformedBatchException {
    in.array();
    while (in.element()) into.add(in.string());
  }
}
