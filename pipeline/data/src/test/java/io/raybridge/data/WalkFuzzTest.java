package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broken input is refused exactly when protobuf-java refuses it, an id has a wrong length or a
 * varint does not end with its tenth byte; what is accepted means the same, decoded and encoded
 * again, but for ids of zeroes, which are none.
 */
class WalkFuzzTest {
  private static final int INPUTS_PER_SIGNAL = Integer.getInteger("raybridge.fuzz", 80_000);

  static List<Format> formats() {
    return Format.ALL;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void brokenBytes_endAsTheyDoInProtobuf(Format format) throws Exception {
    var random = new Random(4711);
    int accepted = 0;
    for (int i = 0; i < INPUTS_PER_SIGNAL; ) {
      var seed = format.random(random.nextLong(), random.nextBoolean()).toByteArray();
      if (seed.length > 6000) continue;
      for (int j = 0; j < 20; j++, i++) {
        if (check(format, mutate(seed, random))) accepted++;
      }
    }

    // both sides of the rule must have been tried
    assertThat(accepted).isBetween(INPUTS_PER_SIGNAL / 20, INPUTS_PER_SIGNAL * 19 / 20);
  }

  private static boolean check(Format format, byte[] input) throws Exception {
    var expected = parse(format, input);
    Batch batch;
    try {
      batch = format.fromOtlp().apply(input);
    } catch (MalformedBatchException e) {
      if (expected != null && idsAreSound(expected) && !protobufIsLax(e)) {
        fail(
            "refused what protobuf accepts: "
                + e.getMessage()
                + "\n"
                + HexFormat.of().formatHex(input));
      }
      assertThat(e.position()).isBetween(0, input.length);
      return false;
    }
    if (expected == null)
      fail("accepted what protobuf refuses\n" + HexFormat.of().formatHex(input));
    int items = batch.items();
    var encoded = encodeObjects(batch);
    assertThat(batch.items()).as("items of %s", HexFormat.of().formatHex(input)).isEqualTo(items);
    var actual = parse(format, encoded);
    if (!withoutZeroIds(expected).equals(actual)) {
      assertThat(actual).as(HexFormat.of().formatHex(input)).isEqualTo(withoutZeroIds(expected));
    }
    return true;
  }

  /**
   * protobuf-java stops after the tenth byte of a varint and takes what should be its end as the
   * next field, if ten bytes are left; with fewer left it refuses as C++ and Go do, and we.
   */
  private static boolean protobufIsLax(MalformedBatchException e) {
    return e.getMessage().startsWith("varint of more than 10 bytes");
  }

  private static byte[] encodeObjects(Batch batch) {
    Format.touch(batch);
    return Format.toOtlp(batch);
  }

  private static @Nullable Message parse(Format format, byte[] input) {
    try {
      return format.parse(input);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static byte[] mutate(byte[] seed, Random random) {
    var bytes = seed.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      int other = random.nextInt(bytes.length);
      switch (random.nextInt(9)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = splice(bytes, at, new byte[] {(byte) random.nextInt()});
        case 5 ->
            bytes =
                splice(
                    bytes, at, Arrays.copyOfRange(bytes, Math.min(at, other), Math.max(at, other)));
        case 6 -> bytes = splice(Arrays.copyOf(bytes, bytes.length), bytes.length, seed);
        case 7 -> bytes = splice(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)]);
        default -> {
          byte swap = bytes[at];
          bytes[at] = bytes[other];
          bytes[other] = swap;
        }
      }
    }
    return bytes;
  }

  private static final byte[][] INTERESTING = {
    {
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      (byte) 0x80,
      1
    },
    {
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      1
    },
    {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
    {(byte) 0x8a, (byte) 0x80, 0},
    {0x0b, 0x0c},
    {0x0b, 0x14},
    {0x0c},
    {0x0e, 0},
    {0, 0},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {0x0a, 0},
    {0x12, 0},
    {(byte) 0x92, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0, 0},
  };

  private static byte[] splice(byte[] bytes, int at, byte[] more) {
    var all = new byte[bytes.length + more.length];
    System.arraycopy(bytes, 0, all, 0, at);
    System.arraycopy(more, 0, all, at, more.length);
    System.arraycopy(bytes, at, all, at + more.length, bytes.length - at);
    return all;
  }

  private static boolean idsAreSound(Message message) {
    return message.getAllFields().entrySet().stream()
        .allMatch(entry -> idsAreSound(entry.getKey(), entry.getValue()));
  }

  private static boolean idsAreSound(FieldDescriptor field, Object value) {
    return switch (value) {
      case Message message -> idsAreSound(message);
      case List<?> list -> list.stream().allMatch(each -> idsAreSound(field, each));
      case ByteString id when field.getName().equals("trace_id") -> id.isEmpty() || id.size() == 16;
      case ByteString id when field.getName().endsWith("span_id") -> id.isEmpty() || id.size() == 8;
      default -> true;
    };
  }

  private static Message withoutZeroIds(Message message) {
    var builder = message.toBuilder();
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (value instanceof ByteString id && field.getName().endsWith("_id") && isZero(id)) {
            builder.clearField(field);
          } else if (value instanceof Message inner) {
            builder.setField(field, withoutZeroIds(inner));
          } else if (value instanceof List<?> list
              && !list.isEmpty()
              && list.getFirst() instanceof Message) {
            builder.setField(
                field, list.stream().map(each -> withoutZeroIds((Message) each)).toList());
          }
        });
    return builder.build();
  }

  private static boolean isZero(ByteString id) {
    for (byte b : id) {
      if (b != 0) return false;
    }
    return true;
  }
}
