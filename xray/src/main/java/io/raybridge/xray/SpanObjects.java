package io.raybridge.xray;

import io.raybridge.data.Attributes;
import io.raybridge.data.Event;
import io.raybridge.data.Link;
import io.raybridge.data.Span;
import io.raybridge.data.Value;
import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.LinkView;
import io.raybridge.data.view.SpanView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;

/** Makes objects of single spans in bytes, where speed matters less than plain code. */
final class SpanObjects {
  private final EventView event;
  private final LinkView link;

  SpanObjects(KeyTable keys) {
    event = new EventView(keys);
    link = new LinkView(keys);
  }

  /** The span with all that a document is made of. */
  Span span(SpanView view) {
    var span =
        new Span()
            .traceIdHi(view.traceHigh())
            .traceIdLo(view.traceLow())
            .spanId(view.spanId())
            .parentSpanId(view.parentId())
            .name(text(view.bytes(), view.nameOffset(), view.nameLength()))
            .startTimeUnixNano(view.start())
            .endTimeUnixNano(view.end());
    read(view.attributes(), span.attributes());
    for (int i = 0; i < view.events(); i++) {
      view.event(i, event);
      var one = new Event().name(text(view.bytes(), event.nameOffset(), event.nameLength()));
      one.timeUnixNano(event.time());
      read(event.attributes(), one.attributes());
      span.events().add(one);
    }
    for (int i = 0; i < view.links(); i++) {
      view.link(i, link);
      var one = new Link().traceIdHi(link.traceHigh()).traceIdLo(link.traceLow());
      one.spanId(link.spanId());
      read(link.attributes(), one.attributes());
      span.links().add(one);
    }
    return span;
  }

  Attributes attributes(AttributesView view) {
    var attributes = new Attributes();
    read(view, attributes);
    return attributes;
  }

  private static void read(AttributesView view, Attributes into) {
    for (int i = 0; i < view.count(); i++) {
      var key = text(view.bytes(), view.keyOffset(i), view.keyLength(i));
      var value = value(view.bytes(), view.type(i), view.offset(i), view.length(i), view.number(i));
      into.put(key, value);
    }
  }

  private static Value value(byte[] bytes, int type, int offset, int length, long number) {
    return switch (type) {
      case AnyValueView.STRING -> Value.of(text(bytes, offset, length));
      case AnyValueView.BOOL -> Value.of(number != 0);
      case AnyValueView.INT -> Value.of(number);
      case AnyValueView.DOUBLE -> Value.of(Double.longBitsToDouble(number));
      case AnyValueView.BYTES -> Value.of(Arrays.copyOfRange(bytes, offset, offset + length));
      case AnyValueView.ARRAY -> {
        var elements = new ArrayList<Value>();
        var element = new AnyValueView();
        element.open(bytes, offset, length);
        while (element.nextElement()) elements.add(value(bytes, element));
        yield Value.of(elements);
      }
      case AnyValueView.MAP -> {
        var members = new Attributes();
        var member = new AnyValueView();
        member.open(bytes, offset, length);
        while (member.nextMember()) {
          members.put(text(bytes, member.keyOffset(), member.keyLength()), value(bytes, member));
        }
        yield Value.of(members);
      }
      default -> Value.empty();
    };
  }

  private static Value value(byte[] bytes, AnyValueView view) {
    return value(bytes, view.type(), view.offset(), view.length(), view.number());
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
