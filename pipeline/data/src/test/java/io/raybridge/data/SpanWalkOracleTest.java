package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.LinkView;
import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walk over bytes sees what protobuf-java sees. */
class SpanWalkOracleTest {
  private static final int ROUNDS = 2000;
  private static final KeyTable KEYS = KeyTable.of(List.of("http.request.method", "a", "GET"));

  private final EventView event = new EventView(KEYS);
  private final LinkView link = new LinkView(KEYS);

  @Test
  void randomRequest_isWalkedWholeAndInOrder() throws Exception {
    var walk = new SpanWalk(KEYS);
    int spans = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request =
          new RandomMessages(seed, seed % 2 == 0)
              .like(ExportTraceServiceRequest.getDefaultInstance());
      byte[] bytes = request.toByteArray();
      try {
        Traces.ofOtlp(bytes);
      } catch (MalformedBatchException e) {
        continue;
      }
      walk.start(bytes);
      for (var resourceSpans : request.getResourceSpansList()) {
        for (var scopeSpans : resourceSpans.getScopeSpansList()) {
          for (var span : scopeSpans.getSpansList()) {
            assertThat(walk.next()).isTrue();
            check(walk.resource(), resourceSpans.getResource().getAttributesList());
            check(walk.scope(), scopeSpans.getScope().getAttributesList());
            String name = text(walk.bytes(), walk.scopeNameOffset(), walk.scopeNameLength());
            assertThat(name).isEqualTo(scopeSpans.getScope().getName());
            check(walk.span(), span);
            spans++;
          }
        }
      }
      assertThat(walk.next()).isFalse();
    }
    assertThat(spans).isGreaterThan(ROUNDS / 2);
  }

  private void check(SpanView view, Span span) {
    assertThat(view.traceHigh()).isEqualTo(id(span.getTraceId().toByteArray(), 0));
    assertThat(view.traceLow()).isEqualTo(id(span.getTraceId().toByteArray(), 8));
    assertThat(view.spanId()).isEqualTo(id(span.getSpanId().toByteArray(), 0));
    assertThat(view.parentId()).isEqualTo(id(span.getParentSpanId().toByteArray(), 0));
    assertThat(text(view.bytes(), view.nameOffset(), view.nameLength())).isEqualTo(span.getName());
    assertThat(text(view.bytes(), view.stateOffset(), view.stateLength()))
        .isEqualTo(span.getTraceState());
    assertThat(view.kind()).isEqualTo(span.getKindValue());
    assertThat(view.start()).isEqualTo(span.getStartTimeUnixNano());
    assertThat(view.end()).isEqualTo(span.getEndTimeUnixNano());
    assertThat(view.flags()).isEqualTo(span.getFlags());
    assertThat(view.status()).isEqualTo(span.getStatus().getCodeValue());
    assertThat(text(view.bytes(), view.messageOffset(), view.messageLength()))
        .isEqualTo(span.getStatus().getMessage());
    assertThat(view.droppedAttributes()).isEqualTo(span.getDroppedAttributesCount());
    assertThat(view.droppedEvents()).isEqualTo(span.getDroppedEventsCount());
    assertThat(view.droppedLinks()).isEqualTo(span.getDroppedLinksCount());
    check(view.attributes(), span.getAttributesList());
    assertThat(view.events()).isEqualTo(span.getEventsCount());
    for (int i = 0; i < view.events(); i++) {
      view.event(i, event);
      assertThat(event.time()).isEqualTo(span.getEvents(i).getTimeUnixNano());
      assertThat(text(view.bytes(), event.nameOffset(), event.nameLength()))
          .isEqualTo(span.getEvents(i).getName());
      check(event.attributes(), span.getEvents(i).getAttributesList());
    }
    assertThat(view.links()).isEqualTo(span.getLinksCount());
    for (int i = 0; i < view.links(); i++) {
      view.link(i, link);
      assertThat(link.spanId()).isEqualTo(id(span.getLinks(i).getSpanId().toByteArray(), 0));
      assertThat(link.traceLow()).isEqualTo(id(span.getLinks(i).getTraceId().toByteArray(), 8));
      check(link.attributes(), span.getLinks(i).getAttributesList());
    }
  }

  /** As a map that keeps the first place and the last value of each key. */
  private static void check(AttributesView view, List<KeyValue> attributes) {
    Map<String, AnyValue> expected = new LinkedHashMap<>();
    for (var attribute : attributes) expected.put(attribute.getKey(), attribute.getValue());
    assertThat(view.count()).isEqualTo(expected.size());
    assertThat(view.duplicates()).isEqualTo(attributes.size() - expected.size());
    int i = 0;
    for (var entry : expected.entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      assertThat(text(view.bytes(), view.keyOffset(i), view.keyLength(i)))
          .isEqualTo(entry.getKey());
      assertThat(view.find(key, 0, key.length)).isEqualTo(i);
      int id = KEYS.id(key, 0, key.length);
      assertThat(view.id(i)).isEqualTo(id);
      if (id > 0) assertThat(view.indexOf(id)).isEqualTo(i);
      check(view, i, entry.getValue());
      i++;
    }
    byte[] absent = "no such key".getBytes(StandardCharsets.UTF_8);
    assertThat(view.find(absent, 0, absent.length)).isNegative();
  }

  private static void check(AttributesView view, int i, AnyValue value) {
    switch (view.type(i)) {
      case AnyValueView.STRING ->
          assertThat(text(view.bytes(), view.offset(i), view.length(i)))
              .isEqualTo(value.getStringValue());
      case AnyValueView.BOOL -> assertThat(view.number(i) != 0).isEqualTo(value.getBoolValue());
      case AnyValueView.INT -> assertThat(view.number(i)).isEqualTo(value.getIntValue());
      case AnyValueView.DOUBLE ->
          assertThat(view.number(i)).isEqualTo(Double.doubleToRawLongBits(value.getDoubleValue()));
      case AnyValueView.ARRAY -> {
        var elements = new AnyValueView();
        elements.open(view.bytes(), view.offset(i), view.length(i));
        for (var element : value.getArrayValue().getValuesList()) {
          assertThat(elements.nextElement()).isTrue();
          if (element.hasIntValue()) {
            assertThat(elements.number()).isEqualTo(element.getIntValue());
          }
        }
        assertThat(elements.nextElement()).isFalse();
      }
      case AnyValueView.MAP -> {
        var members = new AnyValueView();
        members.open(view.bytes(), view.offset(i), view.length(i));
        for (var member : value.getKvlistValue().getValuesList()) {
          assertThat(members.nextMember()).isTrue();
          assertThat(text(view.bytes(), members.keyOffset(), members.keyLength()))
              .isEqualTo(member.getKey());
        }
        assertThat(members.nextMember()).isFalse();
      }
      case AnyValueView.BYTES -> assertThat(view.length(i)).isEqualTo(value.getBytesValue().size());
      default -> assertThat(value.hasStringValue() || value.hasIntValue()).isFalse();
    }
  }

  private static long id(byte[] bytes, int offset) {
    return bytes.length < offset + 8 ? 0 : ByteBuffer.wrap(bytes).getLong(offset);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
