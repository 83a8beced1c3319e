package io.raybridge.data;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as gRPC's {@code grpc-status-details-bin} and the body of every OTLP/HTTP error
 * say it: <a
 * href="https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto">google.rpc.Status</a>
 * with RetryInfo, the only detail that OTLP gives a meaning to.
 *
 * @param code a gRPC status code
 * @param message for people, or empty
 * @param retryDelay when to come again, or null when nothing is said of it
 */
public record RpcStatus(int code, String message, @Nullable Duration retryDelay) {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
  private static final Duration LONGEST = Duration.ofDays(3650);

  /** In protobuf. */
  public byte[] toProto() {
    var out = new ProtoWriter(message.length() + 128);
    if (retryDelay != null) {
      out.int32(16, retryDelay.toNanosPart());
      if (retryDelay.toSeconds() != 0) {
        out.varint(retryDelay.toSeconds());
        out.tag(8);
      }
      out.message(10, 0);
      out.message(18, 0);
      out.string(10, RETRY_INFO);
      out.message(26, 0);
    }
    out.string(18, message);
    out.int32(8, code);
    return out.toArray();
  }

  /** In JSON. */
  public byte[] toJson() {
    try (var out = new JsonWriter()) {
      out.message();
      out.int32("code", code);
      out.string("message", message);
      if (retryDelay != null) {
        out.array("details");
        out.message();
        out.string("@type", RETRY_INFO);
        out.string("retryDelay", seconds(retryDelay));
        out.endMessage();
        out.endArray();
      }
      out.endMessage();
      return out.toArray();
    }
  }

  /** Reads a status in protobuf; details other than RetryInfo are passed over. */
  public static RpcStatus ofProto(byte[] bytes) throws MalformedBatchException {
    Walk.check(bytes, Shape.RPC_STATUS);
    var in = new ProtoReader(bytes, 0);
    int code = 0;
    var message = "";
    Duration retryDelay = null;
    while (in.at < bytes.length) {
      int tag = in.varint();
      switch (tag) {
        case 8 -> code = in.varint();
        case 18 -> message = in.string();
        case 26 -> {
          var detail = readDetail(in);
          if (detail != null) retryDelay = detail;
        }
        default -> in.skip(tag);
      }
    }
    return new RpcStatus(code, message, retryDelay);
  }

  /** Reads a status in JSON; details other than RetryInfo are passed over. */
  public static RpcStatus ofJson(byte[] json) throws MalformedBatchException {
    return JsonReader.read(json, RpcStatus::read);
  }

  private static @Nullable Duration readDetail(ProtoReader in) throws MalformedBatchException {
    var type = "";
    var value = new byte[0];
    for (int end = in.end(); in.at < end; ) {
      int tag = in.varint();
      switch (tag) {
        case 10 -> type = in.string();
        case 18 -> value = in.bytes();
        default -> in.skip(tag);
      }
    }
    return type.equals(RETRY_INFO) ? readRetryInfo(value) : null;
  }

  private static @Nullable Duration readRetryInfo(byte[] bytes) throws MalformedBatchException {
    Walk.check(bytes, Shape.RETRY_INFO);
    var in = new ProtoReader(bytes, 0);
    long seconds = 0;
    int nanos = 0;
    boolean present = false;
    while (in.at < bytes.length) {
      int tag = in.varint();
      if (tag != 10) {
        in.skip(tag);
        continue;
      }
      present = true;
      for (int end = in.end(); in.at < end; ) {
        int inner = in.varint();
        switch (inner) {
          case 8 -> seconds = in.varlong();
          case 16 -> nanos = in.varint();
          default -> in.skip(inner);
        }
      }
    }
    return present ? bounded(BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9))) : null;
  }

  private static RpcStatus read(JsonReader in) throws MalformedBatchException {
    int code = 0;
    var message = "";
    Duration retryDelay = null;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "code" -> code = in.int32();
        case "message" -> message = in.string();
        case "details" -> {
          in.array();
          while (in.element()) {
            var detail = readDetail(in);
            if (detail != null) retryDelay = detail;
          }
        }
        default -> in.skip();
      }
    }
    return new RpcStatus(code, message, retryDelay);
  }

  private static @Nullable Duration readDetail(JsonReader in) throws MalformedBatchException {
    Duration delay = null;
    boolean retryInfo = false;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "@type" -> retryInfo = in.string().equals(RETRY_INFO);
        case "retryDelay" -> delay = duration(in);
        default -> in.skip();
      }
    }
    return retryInfo ? delay : null;
  }

  /** Seconds and an s, as ProtoJSON writes a Duration. */
  private static Duration duration(JsonReader in) throws MalformedBatchException {
    var text = in.string();
    if (!text.endsWith("s") || text.length() > 32 || text.contains("e") || text.contains("E")) {
      throw in.expected("seconds such as 1.5s");
    }
    try {
      return bounded(new BigDecimal(text.substring(0, text.length() - 1)));
    } catch (NumberFormatException e) {
      throw in.expected("seconds such as 1.5s");
    }
  }

  /** A destination cannot make us overflow, nor go back in time. */
  private static Duration bounded(BigDecimal seconds) {
    if (seconds.signum() <= 0) return Duration.ZERO;
    if (seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) return LONGEST;
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toSeconds())
            .add(BigDecimal.valueOf(duration.toNanosPart(), 9))
            .stripTrailingZeros()
            .toPlainString()
        + "s";
  }
}
