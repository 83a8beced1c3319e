package io.raybridge.receivers.otlp;

import io.raybridge.api.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The protobuf messages that answer an OTLP request: {@code ExportPartialSuccess} in a response and
 * {@code google.rpc.Status} with {@code RetryInfo}, by <a
 * href="https://opentelemetry.io/docs/specs/otlp/#failures">OTLP's failures</a>.
 */
final class Answers {
  static final byte[] EMPTY = {};
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  private Answers() {}

  /** The same shape for all three signals: field 1 holds count and reason. */
  static byte[] partial(Outcome.Partial partial) {
    var inner = new ByteArrayOutputStream();
    number(inner, 1, partial.rejectedItems());
    bytes(inner, 2, partial.reason().getBytes(StandardCharsets.UTF_8));
    var response = new ByteArrayOutputStream();
    bytes(response, 1, inner.toByteArray());
    return response.toByteArray();
  }

  static byte[] status(int code, String message, @Nullable Duration retryAfter) {
    var status = new ByteArrayOutputStream();
    number(status, 1, code);
    bytes(status, 2, message.getBytes(StandardCharsets.UTF_8));
    if (retryAfter != null) {
      var duration = new ByteArrayOutputStream();
      number(duration, 1, retryAfter.toSeconds());
      number(duration, 2, retryAfter.toNanosPart());
      var info = new ByteArrayOutputStream();
      bytes(info, 1, duration.toByteArray());
      var any = new ByteArrayOutputStream();
      bytes(any, 1, RETRY_INFO.getBytes(StandardCharsets.UTF_8));
      bytes(any, 2, info.toByteArray());
      bytes(status, 3, any.toByteArray());
    }
    return status.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int field, long value) {
    out.write(field << 3);
    varint(out, value);
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    out.write(field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
