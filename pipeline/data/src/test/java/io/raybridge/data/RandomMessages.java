package io.raybridge.data;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.Random;

/**
 * Random messages of any type, made from its descriptor, so that every field of OTLP is covered and
 * a field that a later version adds is too.
 */
final class RandomMessages {
  private static final String[] TEXTS = {
    "",
    "a",
    "http.request.method",
    "GET",
    "/users/{id}",
    "Grüße",
    "日本語",
    "😀 ok",
    "x".repeat(200),
    "\0"
  };

  private final Random random;
  private final boolean unknownFields;

  RandomMessages(long seed, boolean unknownFields) {
    random = new Random(seed);
    this.unknownFields = unknownFields;
  }

  /** A random message of the type of the given one. */
  @SuppressWarnings("unchecked")
  <M extends Message> M like(M prototype) {
    return (M) message(prototype.newBuilderForType(), 0);
  }

  private Message message(Message.Builder builder, int depth) {
    for (var field : builder.getDescriptorForType().getFields()) {
      if (isDeepEnough(field, depth) || random.nextInt(4) == 0) continue;
      if (field.isRepeated()) {
        int count = random.nextInt(depth < 3 ? 3 : 4);
        for (int i = 0; i < count; i++)
          builder.addRepeatedField(field, value(builder, field, depth));
      } else {
        builder.setField(field, value(builder, field, depth));
      }
    }
    if (unknownFields && random.nextInt(5) == 0) builder.setUnknownFields(unknown(depth));
    return builder.build();
  }

  private boolean isDeepEnough(FieldDescriptor field, int depth) {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) return false;
    return depth > 9 && random.nextInt(3) != 0;
  }

  private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> field.getName().endsWith("strindex") ? random.nextInt() : number32();
      case LONG -> number64();
      case FLOAT -> throw new IllegalArgumentException(field.getFullName());
      case DOUBLE -> number();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BYTE_STRING -> bytes(field.getName());
      case ENUM ->
          unknownFields && random.nextInt(5) == 0
              ? field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(-3, 90))
              : field
                  .getEnumType()
                  .getValues()
                  .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> message(builder.newBuilderForField(field), depth + 1);
    };
  }

  private ByteString bytes(String name) {
    int length =
        switch (name) {
          case "trace_id" -> random.nextInt(5) == 0 ? 0 : 16;
          case "span_id", "parent_span_id" -> random.nextInt(5) == 0 ? 0 : 8;
          default -> random.nextInt(20);
        };
    var bytes = new byte[length];
    random.nextBytes(bytes);
    // zeroes are how objects hold the absence of an id
    if (name.endsWith("_id") && length > 0) bytes[random.nextInt(length)] = 1;
    return ByteString.copyFrom(bytes);
  }

  private int number32() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(200);
      case 2 -> -random.nextInt(200);
      default -> random.nextInt();
    };
  }

  private long number64() {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> random.nextInt(200);
      case 2 -> -random.nextInt(200);
      case 3 -> 1_700_000_000_000_000_000L + random.nextInt();
      default -> random.nextLong();
    };
  }

  private double number() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -0.0;
      case 2 -> Double.NaN;
      case 3 -> Double.POSITIVE_INFINITY;
      case 4 -> Double.NEGATIVE_INFINITY;
      case 5 -> random.nextInt();
      default -> random.nextGaussian() * 1e6;
    };
  }

  private UnknownFieldSet unknown(int depth) {
    var fields = UnknownFieldSet.newBuilder();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      var field = UnknownFieldSet.Field.newBuilder();
      switch (random.nextInt(5)) {
        case 0 -> field.addVarint(number64());
        case 1 -> field.addFixed32(number32());
        case 2 -> field.addFixed64(number64());
        case 3 -> field.addLengthDelimited(bytes(""));
        default ->
            field.addGroup(depth > 9 ? UnknownFieldSet.getDefaultInstance() : unknown(depth + 1));
      }
      fields.mergeField(17 + random.nextInt(random.nextBoolean() ? 10 : 100_000), field.build());
    }
    return fields.build();
  }
}
