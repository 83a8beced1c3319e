package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SegmentEncoderTest {
  @Test
  void serverSpan_becomesSegmentNamedAfterItsService() {
    JsonNode document = Otlp.server().name("GET /cart").document();

    assertThat(document.path("name").asString()).isEqualTo("shop");
    assertThat(document.path("id").asString()).isEqualTo(Otlp.SPAN);
    assertThat(document.path("trace_id").asString())
        .isEqualTo("1-5f2a9c1e-0102030405060708090a0b0c");
    assertThat(document.has("parent_id")).isFalse();
    assertThat(document.has("type")).isFalse();
    assertThat(document.has("namespace")).isFalse();
    assertThat(document.path("start_time").decimalValue())
        .isEqualByComparingTo("1700000000.123456");
    assertThat(document.path("end_time").decimalValue()).isEqualByComparingTo("1700000000.373456");
    assertThat(document.at("/metadata/otel/name").asString()).isEqualTo("GET /cart");
  }

  @Test
  void clientSpan_becomesRemoteSubsegmentBelowItsParent() {
    JsonNode document = Otlp.client().with("server.address", "stock.internal").document();

    assertThat(document.path("name").asString()).isEqualTo("stock.internal");
    assertThat(document.path("type").asString()).isEqualTo("subsegment");
    assertThat(document.path("namespace").asString()).isEqualTo("remote");
    assertThat(document.path("parent_id").asString()).isEqualTo(Otlp.PARENT);
    assertThat(document.has("origin")).isFalse();
  }

  @Test
  void body_isTheRequestWithOneEscapedDocumentPerSpan() throws Exception {
    var otlp =
        Otlp.server().with("text", "quote \" backslash \\ newline \n tab \t bell \u0007 é 😀");
    byte[] bytes = otlp.bytes();
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);

    DocumentBuffer buffer =
        encoder.encode(List.of(bytes, bytes), new DocumentBuffer(50, 1 << 20), full -> full);

    JsonNode body =
        Otlp.parse(new String(buffer.bytes(), 0, buffer.length(), StandardCharsets.UTF_8));
    assertThat(buffer.count()).isEqualTo(2);
    assertThat(buffer.spans()).isEqualTo(2);
    assertThat(body.path("TraceSegmentDocuments")).hasSize(2);
    String plain = otlp.plain(bytes).getFirst();
    assertThat(body.at("/TraceSegmentDocuments/0").asString()).isEqualTo(plain);
    assertThat(body.at("/TraceSegmentDocuments/1").asString()).isEqualTo(plain);
    assertThat(buffer.segmentId(1)).isEqualTo(0xa1);
    assertThat(buffer.traceHigh(1)).isEqualTo(HexFormat.fromHexDigitsToLong("5f2a9c1e01020304"));
  }

  @Test
  void fullBuffer_isHandedOnBeforeTheNextDocument() throws Exception {
    var otlp = Otlp.server();
    byte[] bytes = otlp.bytes();
    var full = new ArrayList<Integer>();
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);

    DocumentBuffer last =
        encoder.encode(
            List.of(bytes, bytes, bytes, bytes, bytes),
            new DocumentBuffer(2, 1 << 20),
            buffer -> {
              full.add(buffer.count());
              buffer.clear();
              return buffer;
            });

    assertThat(full).containsExactly(2, 2);
    assertThat(last.count()).isEqualTo(1);
  }

  @Test
  void oneDocumentOfABody_canBeSentAgainAlone() throws Exception {
    var otlp = Otlp.server();
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);
    byte[] first = otlp.bytes();
    byte[] second = Otlp.server().service("other").with("service.name", "x").bytes();
    DocumentBuffer all =
        encoder.encode(List.of(first, second), new DocumentBuffer(50, 1 << 20), full -> full);
    var again = new DocumentBuffer(50, 1 << 20);

    again.append(all, 1);

    JsonNode body =
        Otlp.parse(new String(again.bytes(), 0, again.length(), StandardCharsets.UTF_8));
    assertThat(body.path("TraceSegmentDocuments")).hasSize(1);
    assertThat(body.at("/TraceSegmentDocuments/0").asString())
        .isEqualTo(otlp.plain(second).getFirst());
    assertThat(again.segmentId(0)).isEqualTo(all.segmentId(1));
    assertThat(again.spans()).isEqualTo(1);
  }

  @Test
  void spansWithoutIdsOrTimes_areDroppedByNameAndOthersGoOn() {
    var otlp = Otlp.server();
    var spans = otlp.request.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
    spans.addSpans(Span.newBuilder().setSpanId(Otlp.hex(Otlp.SPAN)).setStartTimeUnixNano(1));
    spans.addSpans(Span.newBuilder().setTraceId(Otlp.hex(Otlp.TRACE)).setStartTimeUnixNano(1));
    spans.addSpans(
        Span.newBuilder().setTraceId(Otlp.hex(Otlp.TRACE)).setSpanId(Otlp.hex(Otlp.SPAN)));
    spans.addSpans(
        Span.newBuilder()
            .setTraceId(Otlp.hex("0".repeat(32)))
            .setSpanId(Otlp.hex(Otlp.SPAN))
            .setStartTimeUnixNano(1));

    assertThat(otlp.documents()).hasSize(1);
    assertThat(otlp.dropped)
        .containsExactly("no_trace_id", "no_span_id", "no_start_time", "no_trace_id");
  }

  @Test
  void resourceBehindItsSpans_countsAllTheSame() {
    // Protobuf allows any order of fields; generated code always writes the resource first.
    var otlp = Otlp.server();
    byte[] resource =
        otlp.request.getResourceSpans(0).toBuilder().clearScopeSpans().build().toByteArray();
    var withSpan = otlp.request.clone();
    withSpan.getResourceSpansBuilder(0).clearResource();
    withSpan.getResourceSpansBuilder(0).getScopeSpansBuilder(0).addSpans(otlp.span);
    byte[] spans = withSpan.getResourceSpans(0).toByteArray();
    var out = new java.io.ByteArrayOutputStream();
    out.write(10);
    int length = resource.length + spans.length;
    while (length > 127) {
      out.write(length & 127 | 128);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(spans);
    out.writeBytes(resource);

    assertThat(otlp.documents(out.toByteArray()).getFirst().path("name").asString())
        .isEqualTo("shop");
  }

  @Test
  void sameBytesTwice_giveTheSameDocument() {
    var otlp =
        Otlp.client()
            .exception("E", "m", "E: m\n\tat a.B.c(B.java:1)")
            .with("map", Map.of("k", List.of(1, 2)));
    byte[] bytes = otlp.bytes();

    assertThat(otlp.plain(bytes)).isEqualTo(otlp.plain(bytes));
  }
}
