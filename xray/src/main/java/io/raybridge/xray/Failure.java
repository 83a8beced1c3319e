package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import java.util.List;

/**
 * Tells error (the caller's doing), throttle and fault (the callee's doing) apart: gRPC by its
 * code, HTTP by its status, AWS by what the exception is called; a failure that says nothing is a
 * fault.
 *
 * <p>gRPC's codes are judged by the HTTP status that google/rpc/code.proto maps them to.
 */
final class Failure {
  private static final List<String> GRPC =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");
  private static final int[] GRPC_AS_HTTP = {
    200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401
  };

  /** Codes that AWS's own SDKs treat as throttling. */
  private static final List<String> THROTTLES =
      List.of(
          "BandwidthLimitExceeded",
          "EC2ThrottledException",
          "LimitExceededException",
          "PriorRequestNotComplete",
          "ProvisionedThroughputExceededException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "RequestThrottledException",
          "SlowDown",
          "ThrottledException",
          "Throttling",
          "ThrottlingException",
          "TooManyRequestsException",
          "TransactionInProgressException");

  private static final KeyTable GRPC_NAMES = KeyTable.of(GRPC);
  private static final KeyTable THROTTLE_NAMES = KeyTable.of(THROTTLES);
  private static final byte[] GRPC_SYSTEM = Ascii.bytes("grpc");
  private static final byte[] REQUEST_ID = Ascii.bytes("RequestID: ");
  private static final byte[] NEXT = Ascii.bytes(", ");
  private static final byte[] API_ERROR = Ascii.bytes("api error ");
  private static final byte[] STATUS_CODE = Ascii.bytes("Status Code: ");
  private static final Fragment ERROR = Fragment.json("\"error\":true");
  private static final Fragment THROTTLE = Fragment.json("\"throttle\":true");
  private static final Fragment FAULT = Fragment.json("\"fault\":true");
  private static final int STATUS_ERROR = 2;

  /** The smallest HTTP status of a failure. */
  private static final int LEAST = 400;

  private final EventView event;

  Failure(EventView event) {
    this.event = event;
  }

  /** Whether any flag is true. */
  boolean is(Draft draft) {
    return code(draft) >= LEAST;
  }

  /** Writes the flags that are true. */
  void write(Draft draft) {
    int code = code(draft);
    if (code < LEAST) return;
    JsonWriter out = draft.out;
    out.comma();
    if (code >= 500) {
      out.put(FAULT);
      return;
    }
    out.put(ERROR);
    if (code != 429) return;
    out.comma();
    out.put(THROTTLE);
  }

  /** The outcome as an HTTP status: that of the span, or the one that stands for what it says. */
  private int code(Draft draft) {
    int grpc = grpc(draft);
    boolean failed = draft.span.status() == STATUS_ERROR;
    if (grpc > 0) return GRPC_AS_HTTP[grpc];
    int http = http(draft);
    if (http < 400 && !failed) return http;
    if (draft.shape.aws || draft.has(Keys.AWS_REQUEST_ID)) {
      int said = aws(draft);
      if (said == 429 || (http < 400 && said > 0)) return said;
    }
    return http >= 400 ? http : 500;
  }

  private static int http(Draft draft) {
    int index = HttpBlock.status(draft);
    long status = draft.number(index);
    return status >= 100 && status <= 599 ? (int) status : 0;
  }

  /** The gRPC code, which SDKs send as a number, as a number's text or as a name; 0 for none. */
  private static int grpc(Draft draft) {
    int index = draft.attributes.indexOf(Keys.RPC_GRPC_STATUS_CODE);
    if (index < 0 && isGrpc(draft)) index = draft.attributes.indexOf(Keys.RPC_RESPONSE_STATUS_CODE);
    if (index < 0) return 0;
    long number = draft.number(index);
    if (number >= 0) return number < GRPC.size() ? (int) number : 2;
    if (draft.attributes.type(index) != AnyValueView.STRING) return 0;
    int name = GRPC_NAMES.id(draft.bytes(), draft.offset(index), draft.length(index));
    return name == 0 ? 0 : name - 1;
  }

  private static boolean isGrpc(Draft draft) {
    return draft.is(Keys.RPC_SYSTEM_NAME, GRPC_SYSTEM) || draft.is(Keys.RPC_SYSTEM, GRPC_SYSTEM);
  }

  /** 429 for what AWS calls throttling, the status that the message tells, or 0. */
  private int aws(Draft draft) {
    int type = draft.text(Keys.ERROR_TYPE);
    if (type >= 0 && throttles(draft.bytes(), draft.offset(type), draft.length(type))) return 429;
    int status = 0;
    for (int i = 0; i < draft.span.events(); i++) {
      draft.span.event(i, event);
      AttributesView attributes = event.attributes();
      int exception = Origin.text(attributes, Keys.EXCEPTION_TYPE);
      if (exception >= 0
          && throttles(
              attributes.bytes(), attributes.offset(exception), attributes.length(exception))) {
        return 429;
      }
      int message = Origin.text(attributes, Keys.EXCEPTION_MESSAGE);
      if (message < 0) continue;
      int from = attributes.offset(message);
      int said = message(attributes.bytes(), from, from + attributes.length(message));
      if (said == 429) return 429;
      if (said > 0) status = said;
    }
    if (status == 0 && draft.span.messageLength() > 0) {
      int from = draft.span.messageOffset();
      status = message(draft.bytes(), from, from + draft.span.messageLength());
    }
    return status;
  }

  /**
   * Python's message has the code in parentheses, Java's has {@code Status Code: 400}, Go's has
   * {@code RequestID: 7, SlowDown: text} or {@code RequestID: 7, api error SlowDown: text}.
   */
  private static int message(byte[] bytes, int from, int to) {
    int open = Ascii.indexOf(bytes, from, to, '(');
    int close = open < 0 ? -1 : Ascii.indexOf(bytes, open, to, ')');
    if (close > open && THROTTLE_NAMES.id(bytes, open + 1, close - open - 1) > 0) return 429;
    if (throttlesInGo(bytes, from, to)) return 429;
    int status = Ascii.indexOf(bytes, from, to, STATUS_CODE);
    if (status < 0) return 0;
    int digits = status + STATUS_CODE.length;
    if (digits + 3 > to) return 0;
    long code = Ascii.number(bytes, digits, 3);
    return code >= 400 && code <= 599 ? (int) code : 0;
  }

  private static boolean throttlesInGo(byte[] bytes, int from, int to) {
    int id = Ascii.indexOf(bytes, from, to, REQUEST_ID);
    int next = id < 0 ? -1 : Ascii.indexOf(bytes, id, to, NEXT);
    if (next < 0) return false;
    int code = next + NEXT.length;
    if (Ascii.startsWith(bytes, code, to - code, API_ERROR)) code += API_ERROR.length;
    int colon = Ascii.indexOf(bytes, code, to, ':');
    return colon > code && THROTTLE_NAMES.id(bytes, code, colon - code) > 0;
  }

  /** Whether the last part of a class name or code is a throttling code. */
  private static boolean throttles(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int from = end;
    while (from > offset && !separates(bytes[from - 1])) from--;
    return THROTTLE_NAMES.id(bytes, from, end - from) > 0;
  }

  private static boolean separates(byte b) {
    return b == '.' || b == '$' || b == '#' || b == ':' || b == '/';
  }
}
