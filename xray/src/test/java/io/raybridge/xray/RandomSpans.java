package io.raybridge.xray;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Random;

/** Requests as no SDK would send them: every known key with every type of value, and worse. */
final class RandomSpans {
  private static final List<String> TEXTS =
      List.of(
          "",
          "GET",
          "POST",
          "http",
          "https",
          "/",
          "/path?q=1#f",
          "https://user:pass@host.example.com:8443/a?password=x&b=c",
          "jdbc:oracle:thin:scott/tiger@//host:1521/x",
          "aws-api",
          "grpc",
          "postgresql",
          "mysql",
          "redis",
          "aws",
          "aws_ecs",
          "aws_ec2",
          "aws_eks",
          "LOCAL_ROOT",
          "receive",
          "process",
          "200",
          "429",
          "503",
          "RESOURCE_EXHAUSTED",
          "exception",
          "::1",
          "[::1]:80",
          "10.0.0.1",
          "SELECT * FROM t WHERE a = 'it''s' AND b = 7 -- c",
          "E: m\n\tat a.B.c(D.java:1)\nCaused by: F\n\tat g.H.i(Native Method)",
          "Traceback (most recent call last):\n  File \"a.py\", line 1, in b\nValueError: x",
          "Error: x\n    at f (/a.js:1:2)\n    at /b.js:3:4",
          "a.rb:1:in `b': m (E)\n\tfrom c.rb:2:in `d'",
          "X: y\n ---> Z: w\n   at A.B() in c.cs:line 4\n   --- End of inner exception stack trace ---",
          "goroutine 1 [running]:\nmain.f(0x1)\n\t/a.go:12 +0x1",
          "#0 /a.php(3): f()\n#1 {main}",
          "{\"a\":[1,2,{\"b\":\"\\u00e9\"}]}",
          "{\"otel.resource.service.name\":1}",
          "{\"broken\":",
          "\u0000\u0001\n\t\"\\\u007f",
          "é ü 漢字 😀",
          "a-b",
          "a_b",
          "name {with} <odd> $characters?");

  private final Random random;

  RandomSpans(long seed) {
    random = new Random(seed);
  }

  byte[] request() {
    var request = ExportTraceServiceRequest.newBuilder();
    for (int r = random.nextInt(3); r >= 0; r--) {
      var resource = request.addResourceSpansBuilder();
      Resource.Builder attributes = Resource.newBuilder();
      for (int i = random.nextInt(12); i > 0; i--) attributes.addAttributes(keyValue(0));
      if (random.nextInt(8) == 0) attributes.setDroppedAttributesCount(random.nextInt());
      if (random.nextInt(10) > 0) resource.setResource(attributes);
      if (random.nextInt(4) == 0) resource.setSchemaUrl(text());
      for (int s = random.nextInt(3); s > 0; s--) {
        var scope = resource.addScopeSpansBuilder();
        if (random.nextBoolean()) {
          scope.getScopeBuilder().setName(text()).setVersion(text());
          if (random.nextInt(4) == 0) scope.getScopeBuilder().addAttributes(keyValue(0));
          if (random.nextInt(8) == 0) scope.getScopeBuilder().setDroppedAttributesCount(1);
        }
        if (random.nextInt(4) == 0) scope.setSchemaUrl(text());
        for (int i = random.nextInt(5); i > 0; i--) scope.addSpans(span());
      }
    }
    return request.build().toByteArray();
  }

  Span span() {
    Span.Builder span = Span.newBuilder().setName(text());
    if (random.nextInt(20) > 0) span.setTraceId(bytes(16));
    if (random.nextInt(20) > 0) span.setSpanId(bytes(8));
    if (random.nextBoolean()) span.setParentSpanId(bytes(8));
    if (random.nextInt(20) > 0) span.setStartTimeUnixNano(time());
    if (random.nextInt(20) > 0) span.setEndTimeUnixNano(time());
    span.setKindValue(random.nextInt(7));
    span.setFlags(random.nextInt(5) * 0x100);
    if (random.nextInt(4) == 0) span.setTraceState(text());
    if (random.nextInt(4) == 0) span.setDroppedAttributesCount(random.nextInt());
    if (random.nextInt(3) == 0) {
      span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(4)).setMessage(text()));
    }
    for (int i = random.nextInt(14); i > 0; i--) span.addAttributes(keyValue(0));
    for (int i = random.nextInt(3); i > 0; i--) span.addEvents(event());
    for (int i = random.nextInt(10) == 0 ? random.nextInt(30) : 0; i > 0; i--) {
      Span.Link.Builder link = Span.Link.newBuilder();
      if (random.nextInt(4) > 0) link.setTraceId(bytes(16));
      if (random.nextInt(4) > 0) link.setSpanId(bytes(8));
      if (random.nextBoolean()) link.addAttributes(keyValue(0));
      if (random.nextInt(4) == 0) link.setTraceState(text()).setFlags(random.nextInt());
      if (random.nextInt(8) == 0) link.setDroppedAttributesCount(random.nextInt());
      span.addLinks(link);
    }
    return span.build();
  }

  private Span.Event event() {
    Span.Event.Builder event = Span.Event.newBuilder().setTimeUnixNano(time());
    event.setName(
        switch (random.nextInt(4)) {
          case 0 -> "message";
          case 1 -> "HTTP request failure";
          default -> "exception";
        });
    event.addAttributes(Otlp.keyValue("exception.type", text()));
    event.addAttributes(Otlp.keyValue("exception.message", text()));
    event.addAttributes(Otlp.keyValue("exception.stacktrace", text()));
    for (int i = random.nextInt(3); i > 0; i--) event.addAttributes(keyValue(0));
    if (random.nextInt(8) == 0) event.setDroppedAttributesCount(random.nextInt());
    return event.build();
  }

  private long time() {
    return switch (random.nextInt(8)) {
      case 0 -> 1;
      case 1 -> -1;
      case 2 -> random.nextLong();
      default -> Otlp.START + random.nextInt();
    };
  }

  private ByteString bytes(int length) {
    byte[] bytes = new byte[length];
    if (random.nextInt(20) > 0) random.nextBytes(bytes);
    if (random.nextInt(20) == 0) java.util.Arrays.fill(bytes, 0, length / 2, (byte) 0);
    return ByteString.copyFrom(bytes);
  }

  private KeyValue keyValue(int depth) {
    KeyValue.Builder keyValue = KeyValue.newBuilder().setKey(key());
    if (random.nextInt(30) > 0) keyValue.setValue(value(depth));
    return keyValue.build();
  }

  private String key() {
    return switch (random.nextInt(10)) {
      case 0 -> "app." + random.nextInt(10);
      case 1 -> text();
      case 2 ->
          "aws.xray.metadata." + List.of("default", "shop", "otel", "AWS.x").get(random.nextInt(4));
      case 3 -> "otel.resource.service.name";
      default -> Keys.name(1 + random.nextInt(Keys.LAST));
    };
  }

  private AnyValue value(int depth) {
    AnyValue.Builder value = AnyValue.newBuilder();
    return switch (random.nextInt(depth > 4 ? 6 : 11)) {
      case 0 -> value.setBoolValue(random.nextBoolean()).build();
      case 1 -> value.setIntValue(number()).build();
      case 2 -> value.setDoubleValue(fraction()).build();
      case 3 -> value.build();
      case 8 -> value.setBytesValue(bytes(random.nextInt(6))).build();
      case 9 -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        for (int i = random.nextInt(4); i > 0; i--) array.addValues(value(depth + 1));
        yield value.setArrayValue(array).build();
      }
      case 10 -> {
        KeyValueList.Builder map = KeyValueList.newBuilder();
        for (int i = random.nextInt(4); i > 0; i--) map.addValues(keyValue(depth + 1));
        yield value.setKvlistValue(map).build();
      }
      default -> value.setStringValue(text()).build();
    };
  }

  private long number() {
    return switch (random.nextInt(6)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> random.nextLong();
      case 2 -> -random.nextInt(1000);
      default -> random.nextInt(600);
    };
  }

  private double fraction() {
    return switch (random.nextInt(8)) {
      case 0 -> Double.NaN;
      case 1 -> Double.NEGATIVE_INFINITY;
      case 2 -> -0.0;
      case 3 -> Double.longBitsToDouble(random.nextLong());
      case 4 -> Double.MIN_VALUE;
      default -> random.nextInt(100_000) / 100.0;
    };
  }

  private String text() {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    return switch (random.nextInt(40)) {
      case 0 -> text.repeat(random.nextInt(1 << random.nextInt(12)));
      case 1 -> text + TEXTS.get(random.nextInt(TEXTS.size()));
      default -> text;
    };
  }
}
