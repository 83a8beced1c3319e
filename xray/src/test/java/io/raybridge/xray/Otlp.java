package io.raybridge.xray;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One span in the making, and the documents that the encoder makes of it. */
final class Otlp {
  static final String TRACE = "5f2a9c1e0102030405060708090a0b0c";
  static final String SPAN = "00000000000000a1";
  static final String PARENT = "00000000000000b2";
  static final long START = 1_700_000_000_123_456_789L;
  static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_100));
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNameLength(1 << 20).build())
                  .build())
          .build();

  /** As X-Ray's SDKs may send them: of a key that comes twice the last value counts. */
  static final JsonMapper LENIENT =
      JsonMapper.builder(new JsonFactory())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  final Span.Builder span =
      Span.newBuilder()
          .setTraceId(hex(TRACE))
          .setSpanId(hex(SPAN))
          .setName("span name")
          .setStartTimeUnixNano(START)
          .setEndTimeUnixNano(START + 250_000_000);
  final ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
  final List<String> dropped = new ArrayList<>();
  final List<String> noted = new ArrayList<>();
  TranslationConfig config = TranslationConfig.DEFAULT;

  Otlp() {
    request.addResourceSpansBuilder().addScopeSpansBuilder();
  }

  static Otlp server() {
    return new Otlp().kind(Span.SpanKind.SPAN_KIND_SERVER).service("shop");
  }

  static Otlp client() {
    return new Otlp().kind(Span.SpanKind.SPAN_KIND_CLIENT).child().service("shop");
  }

  static Otlp of(Span.SpanKind kind) {
    return new Otlp().kind(kind).child().service("shop");
  }

  Otlp kind(Span.SpanKind kind) {
    span.setKind(kind);
    return this;
  }

  Otlp child() {
    span.setParentSpanId(hex(PARENT));
    return this;
  }

  Otlp service(String name) {
    return resource("service.name", name);
  }

  Otlp name(String name) {
    span.setName(name);
    return this;
  }

  Otlp resource(String key, Object value) {
    request.getResourceSpansBuilder(0).getResourceBuilder().addAttributes(keyValue(key, value));
    return this;
  }

  Otlp scope(String name, String version) {
    request
        .getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getScopeBuilder()
        .setName(name)
        .setVersion(version);
    return this;
  }

  Otlp with(String key, Object value) {
    span.addAttributes(keyValue(key, value));
    return this;
  }

  Otlp withAll(Map<String, ?> attributes) {
    attributes.forEach(this::with);
    return this;
  }

  Otlp error() {
    return error("");
  }

  Otlp error(String message) {
    span.setStatus(
        Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage(message));
    return this;
  }

  Otlp event(String name, Map<String, ?> attributes) {
    Span.Event.Builder event =
        Span.Event.newBuilder().setName(name).setTimeUnixNano(START + 1_000_000);
    attributes.forEach((key, value) -> event.addAttributes(keyValue(key, value)));
    span.addEvents(event);
    return this;
  }

  Otlp exception(String type, String message, String stack) {
    return event(
        "exception",
        Map.of(
            "exception.type", type, "exception.message", message, "exception.stacktrace", stack));
  }

  Otlp link(String traceId, String spanId, Map<String, ?> attributes) {
    Span.Link.Builder link = Span.Link.newBuilder().setTraceId(hex(traceId)).setSpanId(hex(spanId));
    attributes.forEach((key, value) -> link.addAttributes(keyValue(key, value)));
    span.addLinks(link);
    return this;
  }

  Otlp config(TranslationConfig config) {
    this.config = config;
    return this;
  }

  Otlp indexed(String... keys) {
    return config(
        new TranslationConfig(
            false, List.of(keys), List.of(), TranslationConfig.EpochCheck.OFF, false, true));
  }

  Otlp indexAll() {
    return config(
        new TranslationConfig(
            true, List.of(), List.of(), TranslationConfig.EpochCheck.OFF, false, true));
  }

  byte[] bytes() {
    var copy = request.clone();
    copy.getResourceSpansBuilder(0).getScopeSpansBuilder(0).addSpans(span);
    return copy.build().toByteArray();
  }

  /** The only document of the only span. */
  JsonNode document() {
    List<JsonNode> documents = documents();
    if (documents.size() != 1) throw new AssertionError(documents.size() + " documents");
    return documents.getFirst();
  }

  List<JsonNode> documents() {
    return documents(bytes());
  }

  List<JsonNode> documents(byte[] bytes) {
    return plain(bytes).stream().map(Otlp::parse).toList();
  }

  List<String> plain(byte[] bytes) {
    try {
      Traces.ofOtlp(bytes);
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
    return new PlainDocuments(config, listener(), CLOCK).of(List.of(bytes));
  }

  DropListener listener() {
    return new DropListener() {
      @Override
      public void dropped(int spans, String reason, long high, long low, String detail) {
        dropped.add(reason);
      }

      @Override
      public void noted(String what, int count, long high, long low) {
        noted.add(what + " " + count);
      }
    };
  }

  static JsonNode parse(String json) {
    return JSON.readTree(json);
  }

  static ByteString hex(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  static KeyValue keyValue(String key, Object value) {
    return KeyValue.newBuilder().setKey(key).setValue(any(value)).build();
  }

  static AnyValue any(Object value) {
    AnyValue.Builder any = AnyValue.newBuilder();
    return switch (value) {
      case AnyValue ready -> ready;
      case String text -> any.setStringValue(text).build();
      case Boolean bool -> any.setBoolValue(bool).build();
      case Integer number -> any.setIntValue(number).build();
      case Long number -> any.setIntValue(number).build();
      case Double number -> any.setDoubleValue(number).build();
      case byte[] bytes -> any.setBytesValue(ByteString.copyFrom(bytes)).build();
      case List<?> list -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        list.forEach(element -> array.addValues(any(element)));
        yield any.setArrayValue(array).build();
      }
      case Map<?, ?> map -> {
        KeyValueList.Builder members = KeyValueList.newBuilder();
        map.forEach((key, member) -> members.addValues(keyValue((String) key, member)));
        yield any.setKvlistValue(members).build();
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }
}
