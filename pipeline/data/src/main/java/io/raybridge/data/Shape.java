package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/**
 * What a message may hold, as far as a check needs to know: for each tag what stands behind it.
 *
 * <p>A table by tag, and not a method for each message, keeps {@link Walk} one small loop. All tags
 * of OTLP fit in a byte.
 */
final class Shape {
  static final byte UNKNOWN = 0;
  static final byte VARINT = 1;
  static final byte FIXED32 = 2;
  static final byte FIXED64 = 3;
  static final byte BYTES = 4;
  static final byte STRING = 5;
  static final byte TRACE_ID = 6;
  static final byte SPAN_ID = 7;
  static final byte PACKED_FIXED64 = 8;
  static final byte PACKED_VARINT = 9;
  static final byte MESSAGE = 10;

  /** A message that counts as an item. */
  static final byte ITEM = 11;

  /** A message in a oneof, of which only the last one counts. */
  static final byte CHOICE = 12;

  /** A KeyValue, for which there is a faster way. */
  static final byte ATTRIBUTE = 13;

  final byte[] kinds = new byte[256];
  final @Nullable Shape[] messages = new Shape[256];
  private boolean carriesItems;

  private static final Shape ANY_VALUE = new Shape();
  private static final Shape KEY_VALUE =
      new Shape().field(1, STRING).message(2, ANY_VALUE).field(3, VARINT);

  static {
    ANY_VALUE
        .field(1, STRING)
        .field(2, VARINT)
        .field(3, VARINT)
        .field(4, FIXED64)
        .message(5, new Shape().message(1, ANY_VALUE))
        .message(6, new Shape().message(1, KEY_VALUE))
        .field(7, BYTES)
        .field(8, VARINT);
  }

  private static final Shape RESOURCE =
      new Shape()
          .message(1, KEY_VALUE)
          .field(2, VARINT)
          .message(
              3, new Shape().field(1, STRING).field(2, STRING).field(3, STRING).field(4, STRING));
  private static final Shape SCOPE =
      new Shape().field(1, STRING).field(2, STRING).message(3, KEY_VALUE).field(4, VARINT);

  private static final Shape SPAN =
      new Shape()
          .field(1, TRACE_ID)
          .field(2, SPAN_ID)
          .field(3, STRING)
          .field(4, SPAN_ID)
          .field(5, STRING)
          .field(6, VARINT)
          .field(7, FIXED64)
          .field(8, FIXED64)
          .message(9, KEY_VALUE)
          .field(10, VARINT)
          .message(
              11,
              new Shape().field(1, FIXED64).field(2, STRING).message(3, KEY_VALUE).field(4, VARINT))
          .field(12, VARINT)
          .message(
              13,
              new Shape()
                  .field(1, TRACE_ID)
                  .field(2, SPAN_ID)
                  .field(3, STRING)
                  .message(4, KEY_VALUE)
                  .field(5, VARINT)
                  .field(6, FIXED32))
          .field(14, VARINT)
          .message(15, new Shape().field(2, STRING).field(3, VARINT))
          .field(16, FIXED32);

  private static final Shape EXEMPLAR =
      new Shape()
          .field(2, FIXED64)
          .field(3, FIXED64)
          .field(4, SPAN_ID)
          .field(5, TRACE_ID)
          .field(6, FIXED64)
          .message(7, KEY_VALUE);
  private static final Shape NUMBER_POINT =
      new Shape()
          .field(2, FIXED64)
          .field(3, FIXED64)
          .field(4, FIXED64)
          .message(5, EXEMPLAR)
          .field(6, FIXED64)
          .message(7, KEY_VALUE)
          .field(8, VARINT);
  private static final Shape HISTOGRAM_POINT =
      new Shape()
          .field(2, FIXED64)
          .field(3, FIXED64)
          .field(4, FIXED64)
          .field(5, FIXED64)
          .repeated(6, FIXED64)
          .repeated(7, FIXED64)
          .message(8, EXEMPLAR)
          .message(9, KEY_VALUE)
          .field(10, VARINT)
          .field(11, FIXED64)
          .field(12, FIXED64);
  private static final Shape BUCKETS = new Shape().field(1, VARINT).repeated(2, VARINT);
  private static final Shape EXPONENTIAL_HISTOGRAM_POINT =
      new Shape()
          .message(1, KEY_VALUE)
          .field(2, FIXED64)
          .field(3, FIXED64)
          .field(4, FIXED64)
          .field(5, FIXED64)
          .field(6, VARINT)
          .field(7, FIXED64)
          .message(8, BUCKETS)
          .message(9, BUCKETS)
          .field(10, VARINT)
          .message(11, EXEMPLAR)
          .field(12, FIXED64)
          .field(13, FIXED64)
          .field(14, FIXED64);
  private static final Shape SUMMARY_POINT =
      new Shape()
          .field(2, FIXED64)
          .field(3, FIXED64)
          .field(4, FIXED64)
          .field(5, FIXED64)
          .message(6, new Shape().field(1, FIXED64).field(2, FIXED64))
          .message(7, KEY_VALUE)
          .field(8, VARINT);
  private static final Shape METRIC =
      new Shape()
          .field(1, STRING)
          .field(2, STRING)
          .field(3, STRING)
          .choice(5, points(NUMBER_POINT))
          .choice(7, points(NUMBER_POINT).field(2, VARINT).field(3, VARINT))
          .choice(9, points(HISTOGRAM_POINT).field(2, VARINT))
          .choice(10, points(EXPONENTIAL_HISTOGRAM_POINT).field(2, VARINT))
          .choice(11, points(SUMMARY_POINT))
          .message(12, KEY_VALUE);

  private static final Shape LOG_RECORD =
      new Shape()
          .field(1, FIXED64)
          .field(2, VARINT)
          .field(3, STRING)
          .message(5, ANY_VALUE)
          .message(6, KEY_VALUE)
          .field(7, VARINT)
          .field(8, FIXED32)
          .field(9, TRACE_ID)
          .field(10, SPAN_ID)
          .field(11, FIXED64)
          .field(12, STRING);

  /** ExportTraceServiceRequest. */
  static final Shape TRACES = request(ITEM, SPAN);

  /** ExportMetricsServiceRequest. */
  static final Shape METRICS = request(MESSAGE, METRIC);

  /** ExportLogsServiceRequest. */
  static final Shape LOGS = request(ITEM, LOG_RECORD);

  /** ExportTraceServiceResponse and its brothers. */
  static final Shape EXPORT_RESPONSE =
      new Shape().message(1, new Shape().field(1, VARINT).field(2, STRING));

  /** google.rpc.Status. */
  static final Shape RPC_STATUS =
      new Shape()
          .field(1, VARINT)
          .field(2, STRING)
          .message(3, new Shape().field(1, STRING).field(2, BYTES));

  /** google.rpc.RetryInfo. */
  static final Shape RETRY_INFO =
      new Shape().message(1, new Shape().field(1, VARINT).field(2, VARINT));

  private Shape() {}

  /** Whether there are items in the message, at any depth. */
  boolean carriesItems() {
    return carriesItems;
  }

  private static Shape request(byte kind, Shape leaf) {
    var scope = new Shape().message(1, SCOPE).put(2, 2, kind, leaf).field(3, STRING);
    var resource = new Shape().message(1, RESOURCE).message(2, scope).field(3, STRING);
    return new Shape().message(1, resource);
  }

  private static Shape points(Shape point) {
    return new Shape().put(1, 2, ITEM, point);
  }

  private Shape field(int number, byte kind) {
    int wireType =
        switch (kind) {
          case VARINT -> 0;
          case FIXED64 -> 1;
          case FIXED32 -> 5;
          default -> 2;
        };
    return put(number, wireType, kind, null);
  }

  /** Numbers that come packed or one by one, and readers take both. */
  private Shape repeated(int number, byte kind) {
    return field(number, kind)
        .put(number, 2, kind == VARINT ? PACKED_VARINT : PACKED_FIXED64, null);
  }

  private Shape message(int number, Shape shape) {
    return put(number, 2, shape == KEY_VALUE ? ATTRIBUTE : MESSAGE, shape);
  }

  private Shape choice(int number, Shape shape) {
    return put(number, 2, CHOICE, shape);
  }

  private Shape put(int number, int wireType, byte kind, @Nullable Shape shape) {
    int tag = (number << 3) | wireType;
    kinds[tag] = kind;
    carriesItems |= kind == ITEM || (shape != null && shape.carriesItems);
    messages[tag] = shape;
    return this;
  }
}
