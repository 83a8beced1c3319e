package io.raybridge.data;

/**
 * The answer to an export request: ExportTraceServiceResponse and its brothers, which differ only
 * in JSON, by the name of one field.
 *
 * <p>See OTLP's <a href="https://opentelemetry.io/docs/specs/otlp/#partial-success">partial
 * success</a>: with nothing rejected a message is a warning.
 *
 * @param rejectedItems how many spans, data points or log records were refused for good
 * @param message why, or a warning, or empty
 */
public record ExportResponse(long rejectedItems, String message) {
  /** All was taken, and there is nothing to say. */
  public static final ExportResponse SUCCESS = new ExportResponse(0, "");

  /** In protobuf. A full success is no bytes at all. */
  public byte[] toOtlp() {
    if (isSuccess()) return new byte[0];
    var out = new ProtoWriter(message.length() + 32);
    out.string(18, message);
    if (rejectedItems != 0) {
      out.varint(rejectedItems);
      out.tag(8);
    }
    out.message(10, 0);
    return out.toArray();
  }

  /** In JSON. A full success is an empty object. */
  public byte[] toOtlpJson(Signal signal) {
    try (var out = new JsonWriter()) {
      out.message();
      if (!isSuccess()) {
        out.message("partialSuccess");
        if (rejectedItems != 0) out.int64Always(rejectedField(signal), rejectedItems);
        out.string("errorMessage", message);
        out.endMessage();
      }
      out.endMessage();
      return out.toArray();
    }
  }

  /** Reads what a destination answered in protobuf. */
  public static ExportResponse ofOtlp(byte[] bytes) throws MalformedBatchException {
    Walk.check(bytes, Shape.EXPORT_RESPONSE);
    var in = new ProtoReader(bytes, 0);
    long rejected = 0;
    var message = "";
    while (in.at < bytes.length) {
      int tag = in.varint();
      if (tag != 10) {
        in.skip(tag);
        continue;
      }
      for (int end = in.end(); in.at < end; ) {
        int inner = in.varint();
        switch (inner) {
          case 8 -> rejected = in.varlong();
          case 18 -> message = in.string();
          default -> in.skip(inner);
        }
      }
    }
    return new ExportResponse(rejected, message);
  }

  /** Reads what a destination answered in JSON, to whichever signal. */
  public static ExportResponse ofOtlpJson(byte[] json) throws MalformedBatchException {
    return JsonReader.read(json, ExportResponse::read);
  }

  private static ExportResponse read(JsonReader in) throws MalformedBatchException {
    var response = SUCCESS;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "partialSuccess", "partial_success" -> response = readPartialSuccess(in);
        default -> in.skip();
      }
    }
    return response;
  }

  private static ExportResponse readPartialSuccess(JsonReader in) throws MalformedBatchException {
    long rejected = 0;
    var message = "";
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "rejectedSpans",
            "rejected_spans",
            "rejectedDataPoints",
            "rejected_data_points",
            "rejectedLogRecords",
            "rejected_log_records" ->
            rejected = in.int64();
        case "errorMessage", "error_message" -> message = in.string();
        default -> in.skip();
      }
    }
    return new ExportResponse(rejected, message);
  }

  private boolean isSuccess() {
    return rejectedItems == 0 && message.isEmpty();
  }

  private static String rejectedField(Signal signal) {
    return switch (signal) {
      case TRACES -> "rejectedSpans";
      case METRICS -> "rejectedDataPoints";
      case LOGS -> "rejectedLogRecords";
    };
  }
}
