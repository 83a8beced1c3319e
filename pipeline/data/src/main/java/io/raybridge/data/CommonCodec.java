package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the three signals have in common, between protobuf and objects: <a
 * href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/opentelemetry/proto/common/v1/common.proto">common.proto</a>
 * and resource.proto.
 *
 * <p>A tag is a field's number times 8 plus its wire type. A message field that comes twice is
 * merged, as protobuf demands.
 */
final class CommonCodec {
  private static final int VALUE_OF_KEY_VALUE = 18;
  private static final int ARRAY_VALUE = 42;
  private static final int STRING_INDEX = 64;

  private CommonCodec() {}

  static void readResource(ProtoReader in, Resource resource) {
    resource.present = true;
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> readKeyValue(in, resource.attributes);
        case 16 -> resource.droppedAttributesCount = in.varint();
        case 26 -> resource.entityRefs().add(readEntityRef(in));
        default -> resource.unknown = in.keep(resource.unknown, start, tag);
      }
    }
  }

  static void writeResource(ProtoWriter out, int tag, Resource resource) {
    if (resource.isAbsent()) return;
    int mark = out.mark();
    out.unknown(resource.unknown);
    var entities = resource.entityRefs == null ? List.<EntityRef>of() : resource.entityRefs;
    for (int i = entities.size(); i-- > 0; ) writeEntityRef(out, entities.get(i));
    out.uint32(16, resource.droppedAttributesCount);
    writeAttributes(out, 10, resource.attributes);
    out.message(tag, mark);
  }

  private static EntityRef readEntityRef(ProtoReader in) {
    var entity = new EntityRef();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> entity.schemaUrl = in.name();
        case 18 -> entity.type = in.name();
        case 26 -> entity.idKeys.add(in.name());
        case 34 -> entity.descriptionKeys.add(in.name());
        default -> entity.unknown = in.keep(entity.unknown, start, tag);
      }
    }
    return entity;
  }

  private static void writeEntityRef(ProtoWriter out, EntityRef entity) {
    int mark = out.mark();
    out.unknown(entity.unknown);
    for (int i = entity.descriptionKeys.size(); i-- > 0; ) {
      out.stringAlways(34, entity.descriptionKeys.get(i));
    }
    for (int i = entity.idKeys.size(); i-- > 0; ) out.stringAlways(26, entity.idKeys.get(i));
    out.string(18, entity.type);
    out.string(10, entity.schemaUrl);
    out.message(26, mark);
  }

  static void readScope(ProtoReader in, Scope scope) {
    scope.present = true;
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> scope.name = in.name();
        case 18 -> scope.version = in.name();
        case 26 -> readKeyValue(in, scope.attributes);
        case 32 -> scope.droppedAttributesCount = in.varint();
        default -> scope.unknown = in.keep(scope.unknown, start, tag);
      }
    }
  }

  static void writeScope(ProtoWriter out, int tag, Scope scope) {
    if (scope.isAbsent()) return;
    int mark = out.mark();
    out.unknown(scope.unknown);
    out.uint32(32, scope.droppedAttributesCount);
    writeAttributes(out, 26, scope.attributes);
    out.string(18, scope.version);
    out.string(10, scope.name);
    out.message(tag, mark);
  }

  static void readKeyValue(ProtoReader in, Attributes into) {
    var key = "";
    Value value = null;
    UnknownFields unknown = null;
    int end = in.end();
    int from = in.at;
    boolean joined = false;
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> key = in.name();
        case VALUE_OF_KEY_VALUE -> {
          if (value == null) {
            value = readValue(in, in.end());
          } else {
            if (!joined) value = readValue(in.joined(from, end, VALUE_OF_KEY_VALUE));
            joined = true;
            in.at = in.end();
          }
        }
        default -> unknown = in.keep(unknown, start, tag);
      }
    }
    into.append(key, value, unknown);
  }

  static void writeAttributes(ProtoWriter out, int tag, Attributes attributes) {
    for (int i = attributes.size(); i-- > 0; ) {
      int mark = out.mark();
      out.unknown(attributes.unknownAt(i));
      var value = attributes.rawValueAt(i);
      if (value != null) writeValue(out, VALUE_OF_KEY_VALUE, value);
      out.string(10, attributes.keyAt(i));
      out.message(tag, mark);
    }
  }

  static Value readValue(byte[] bytes) {
    return readValue(new ProtoReader(bytes, 0), bytes.length);
  }

  /** Reads up to the end of an AnyValue. Of the fields of its oneof the last one counts. */
  static Value readValue(ProtoReader in, int end) {
    Object value = Value.empty();
    UnknownFields unknown = null;
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> value = new Value.Str(in.string());
        case 16 -> value = Value.of(in.varlong() != 0);
        case 24 -> value = new Value.Int(in.varlong());
        case 33 -> value = new Value.Dbl(in.fixedDouble());
        case ARRAY_VALUE ->
            value = readArray(in, value instanceof Items items ? items : new Items());
        case 50 -> value = readMap(in, value instanceof Attributes map ? map : new Attributes());
        case 58 -> value = new Value.Bytes(in.bytes());
        // belongs to profiles, and is of the oneof all the same
        case STRING_INDEX -> value = in.keep(null, start, tag);
        default -> unknown = in.keep(unknown, start, tag);
      }
    }
    return value(value, unknown);
  }

  static void writeValue(ProtoWriter out, int tag, Value value) {
    int mark = out.mark();
    writeFields(out, value);
    out.message(tag, mark);
  }

  private static void writeFields(ProtoWriter out, Value value) {
    switch (value) {
      case Value.Str(var text) -> out.stringAlways(10, text);
      case Value.Bool(var bool) -> {
        out.varint(bool ? 1 : 0);
        out.tag(16);
      }
      case Value.Int(var number) -> {
        out.varint(number);
        out.tag(24);
      }
      case Value.Dbl(var number) -> out.fixedDoubleAlways(33, number);
      case Value.Arr(var values) -> {
        int mark = out.mark();
        for (int i = values.size(); i-- > 0; ) writeValue(out, 10, values.get(i));
        out.message(ARRAY_VALUE, mark);
      }
      case Value.Kvs(var entries) -> {
        int mark = out.mark();
        out.unknown(entries.unknown);
        writeAttributes(out, 10, entries);
        out.message(50, mark);
      }
      case Value.Bytes(var bytes) -> out.bytes(58, bytes);
      case Value.Empty() -> {}
      case Value.Other(var known, var fields) -> {
        out.raw(fields);
        writeFields(out, known);
      }
    }
  }

  /** A list while it is read. */
  private static final class Items {
    final List<Value> values = new ArrayList<>();
    @Nullable UnknownFields unknown;
  }

  private static Items readArray(ProtoReader in, Items into) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      if (tag == 10) {
        into.values.add(readValue(in, in.end()));
      } else {
        into.unknown = in.keep(into.unknown, start, tag);
      }
    }
    return into;
  }

  private static Attributes readMap(ProtoReader in, Attributes into) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      if (tag == 10) {
        readKeyValue(in, into);
      } else {
        into.unknown = in.keep(into.unknown, start, tag);
      }
    }
    return into;
  }

  private static Value value(Object read, @Nullable UnknownFields unknown) {
    return switch (read) {
      case Items items -> {
        var list = Value.of(items.values);
        yield items.unknown == null
            ? other(list, null, unknown)
            : other(list, again(items.unknown), unknown);
      }
      case Attributes map -> other(new Value.Kvs(map), null, unknown);
      case UnknownFields kind -> other(Value.empty(), kind.toArray(), unknown);
      default -> other((Value) read, null, unknown);
    };
  }

  /** A second occurrence of the list, which whoever reads it merges with the first. */
  private static byte[] again(UnknownFields ofList) {
    var out = new ProtoWriter(ofList.size() + 16);
    out.unknown(ofList);
    out.message(ARRAY_VALUE, 0);
    return out.toArray();
  }

  private static Value other(
      Value known, byte @Nullable [] ofKind, @Nullable UnknownFields unknown) {
    if (ofKind == null && unknown == null) return known;
    var out = new ProtoWriter(64);
    out.unknown(unknown);
    if (ofKind != null) out.raw(ofKind);
    return new Value.Other(known, out.toArray());
  }
}
