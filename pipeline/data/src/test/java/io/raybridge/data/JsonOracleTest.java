package io.raybridge.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON means what protobuf's own JsonFormat makes of it, once its base64 ids are hex. */
class JsonOracleTest {
  private static final int ROUNDS = 400;
  private static final Set<String> IDS = Set.of("traceId", "spanId", "parentSpanId");

  static List<Format> formats() {
    return Format.ALL;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void jsonOfProtobuf_isReadAsItWasMeant(Format format) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = withoutIndexes(format.random(seed, false));
      var printer = JsonFormat.printer();
      if (seed % 3 == 0) printer = printer.printingEnumsAsInts();
      if (seed % 3 == 1) printer = printer.preservingProtoFieldNames();
      var json = JsonParser.parseString(printer.print(request));

      var batch = format.fromJson().apply(hexIds(json).toString().getBytes(UTF_8));

      assertThat(format.parse(Format.toOtlp(batch))).as("seed %d", seed).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void writtenJson_isReadByProtobufAsItWasMeant(Format format) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = withoutNegativeZero(withoutIndexes(format.random(seed, false)));
      var batch = format.ofOtlp(request);

      var json = JsonParser.parseString(new String(Format.toOtlpJson(batch), UTF_8));
      var read = format.prototype().newBuilderForType();
      JsonFormat.parser().merge(base64Ids(json).toString(), read);

      assertThat(read.build()).as("seed %d", seed).isEqualTo(request);
      assertThat(Format.toOtlp(batch)).as("still bytes").isEqualTo(request.toByteArray());
    }
  }

  /** OTLP has them for profiles only, and gives them no meaning elsewhere. */
  private static Message withoutIndexes(Message message) {
    return map(message, (field, value) -> field.getName().endsWith("_strindex") ? null : value);
  }

  /** JsonFormat reads it as zero. */
  private static Message withoutNegativeZero(Message message) {
    return map(message, (_, value) -> value.equals(-0.0) ? 0.0 : value);
  }

  private static Message map(
      Message message, BiFunction<FieldDescriptor, Object, @Nullable Object> change) {
    var builder = message.toBuilder();
    message
        .getAllFields()
        .forEach((field, value) -> {
          builder.clearField(field);
          if (value instanceof List<?> list) {
            list.forEach(each -> builder.addRepeatedField(field, map(field, each, change)));
          } else {
            var mapped = map(field, value, change);
            if (mapped != null) builder.setField(field, mapped);
          }
        });
    return builder.build();
  }

  private static @Nullable Object map(
      FieldDescriptor field,
      Object value,
      BiFunction<FieldDescriptor, Object, @Nullable Object> change) {
    return value instanceof Message inner ? map(inner, change) : change.apply(field, value);
  }

  private static JsonElement hexIds(JsonElement json) {
    return mapIds(json, base64 -> HexFormat.of().formatHex(Base64.getDecoder().decode(base64)));
  }

  private static JsonElement base64Ids(JsonElement json) {
    return mapIds(json, hex -> Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
  }

  private static JsonElement mapIds(JsonElement json, UnaryOperator<String> change) {
    return switch (json) {
      case JsonObject object -> {
        var mapped = new JsonObject();
        object
            .entrySet()
            .forEach(entry ->
                mapped.add(
                    entry.getKey(),
                    IDS.contains(camel(entry.getKey()))
                        ? new JsonPrimitive(change.apply(entry.getValue().getAsString()))
                        : mapIds(entry.getValue(), change)));
        yield mapped;
      }
      case JsonArray array -> {
        var mapped = new JsonArray();
        array.forEach(each -> mapped.add(mapIds(each, change)));
        yield mapped;
      }
      default -> json;
    };
  }

  private static String camel(String name) {
    return switch (name) {
      case "trace_id" -> "traceId";
      case "span_id" -> "spanId";
      case "parent_span_id" -> "parentSpanId";
      default -> name;
    };
  }
}
