package io.raybridge.xray.explain;

import io.raybridge.data.Attributes;
import io.raybridge.data.Event;
import io.raybridge.data.Link;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.Scope;
import io.raybridge.data.Span;
import io.raybridge.data.Value;
import io.raybridge.xray.explain.Input.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists what a request with one span says. */
final class Inputs {
  /** No span is likely to have this, and every rule about names and keys lets it pass. */
  private static final String MARK = "Zq7";

  private final List<Input> inputs = new ArrayList<>();

  private Inputs() {}

  static List<Input> of(ResourceSpans request) {
    var list = new Inputs();
    list.attributes("", all -> span(all).attributes(), request);
    list.attributes("resource ", all -> all.resource().attributes(), request);
    list.text("resource schema url", request.schemaUrl(), ResourceSpans::schemaUrl);
    list.count(
        "resource ",
        request.resource().droppedAttributesCount(),
        (all, count) -> all.resource().droppedAttributesCount(count));
    list.describeScope(request);
    list.attributes("scope ", all -> scope(all).attributes(), request);
    list.events(request);
    list.links(request);
    list.span(span(request));
    return list.inputs;
  }

  static Span span(ResourceSpans request) {
    return request.scopeSpans().getFirst().spans().getFirst();
  }

  private static Scope scope(ResourceSpans request) {
    return request.scopeSpans().getFirst().scope();
  }

  private void attributes(
      String prefix, Function<ResourceSpans, Attributes> where, ResourceSpans request) {
    Attributes attributes = where.apply(request);
    for (int i = 0; i < attributes.size(); i++) {
      int index = i;
      Value value = attributes.valueAt(i);
      var changes = new ArrayList<Change>();
      for (Value other : others(value)) {
        changes.add(new Change(shown(other), all -> where.apply(all).setValueAt(index, other)));
      }
      inputs.add(
          new Input(
              prefix + attributes.keyAt(i),
              true,
              attributes.keyAt(i),
              text(value),
              List.of(all -> remove(where.apply(all), index)),
              changes,
              all -> where.apply(all).setValueAt(index, Nudge.of(value))));
    }
  }

  private static void remove(Attributes attributes, int index) {
    var at = new int[1];
    attributes.removeIf((_, _) -> at[0]++ == index);
  }

  /** Values that differ from this one by little, so that they are read as it is. */
  private static List<Value> others(Value value) {
    return switch (value) {
      case Value.Str(var text) -> otherTexts(text).stream().map(Value::of).toList();
      case Value.Int(var number) -> List.of(Value.of(number + 1));
      case Value.Dbl(var number) ->
          List.of(Value.of(Double.isFinite(number + 1.25) ? number + 1.25 : 1.25));
      case Value.Bool(var bool) -> List.of(Value.of(!bool));
      case Value.Arr(var values) -> {
        var more = new ArrayList<>(values);
        more.add(Value.of(MARK));
        yield List.of(Value.of(more));
      }
      case Value.Kvs(var entries) -> List.of(Value.of(entries.copy().add(MARK, Value.of(MARK))));
      default -> List.of(Value.of(MARK));
    };
  }

  private static List<String> otherTexts(String text) {
    var others = new ArrayList<>(List.of(text + MARK, MARK + ' ' + text));
    // What has to be a number, an address or JSON stays one with another digit.
    for (int i = text.length() - 1; i >= 0; i--) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') continue;
      others.add(text.substring(0, i) + (char) (c == '9' ? '8' : c + 1) + text.substring(i + 1));
      break;
    }
    return others;
  }

  private static String shown(Value value) {
    String text = text(value);
    return text.contains(MARK) ? MARK : text;
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Str(var text) -> text;
      case Value.Int(var number) -> Long.toString(number);
      case Value.Dbl(var number) -> Double.toString(number);
      case Value.Bool(var bool) -> Boolean.toString(bool);
      default -> value.toString();
    };
  }

  private void describeScope(ResourceSpans request) {
    Scope scope = scope(request);
    text("scope name", scope.name(), (all, text) -> scope(all).name(text));
    text("scope version", scope.version(), (all, text) -> scope(all).version(text));
    text(
        "scope schema url",
        request.scopeSpans().getFirst().schemaUrl(),
        (all, text) -> all.scopeSpans().getFirst().schemaUrl(text));
    count(
        "scope ",
        scope.droppedAttributesCount(),
        (all, count) -> scope(all).droppedAttributesCount(count));
  }

  private void count(String prefix, int value, BiConsumer<ResourceSpans, Integer> set) {
    number(
        prefix + "dropped attributes count",
        value,
        1,
        (all, count) -> set.accept(all, (int) (long) count));
  }

  private void events(ResourceSpans request) {
    List<Event> events = span(request).events();
    for (int i = 0; i < events.size(); i++) {
      int index = i;
      String prefix = "event " + (i + 1) + ' ';
      Function<ResourceSpans, Event> event = all -> span(all).events().get(index);
      text(prefix + "name", events.get(i).name(), (all, text) -> event.apply(all).name(text));
      number(
          prefix + "time",
          events.get(i).timeUnixNano(),
          1_000_000_000,
          (all, time) -> event.apply(all).timeUnixNano(time));
      count(
          prefix,
          events.get(i).droppedAttributesCount(),
          (all, count) -> event.apply(all).droppedAttributesCount(count));
      attributes(prefix, all -> event.apply(all).attributes(), request);
    }
  }

  private void links(ResourceSpans request) {
    List<Link> links = span(request).links();
    for (int i = 0; i < links.size(); i++) {
      int index = i;
      String prefix = "link " + (i + 1) + ' ';
      Function<ResourceSpans, Link> link = all -> span(all).links().get(index);
      id(
          prefix + "trace id",
          links.get(i).traceIdHi() | links.get(i).traceIdLo(),
          (all, bits) -> link.apply(all).traceIdLo(link.apply(all).traceIdLo() ^ bits));
      id(
          prefix + "span id",
          links.get(i).spanId(),
          (all, bits) -> link.apply(all).spanId(link.apply(all).spanId() ^ bits));
      text(
          prefix + "trace state",
          links.get(i).traceState(),
          (all, text) -> link.apply(all).traceState(text));
      number(
          prefix + "flags",
          links.get(i).flags(),
          1,
          (all, flags) -> link.apply(all).flags((int) (long) flags));
      count(
          prefix,
          links.get(i).droppedAttributesCount(),
          (all, count) -> link.apply(all).droppedAttributesCount(count));
      attributes(prefix, all -> link.apply(all).attributes(), request);
    }
  }

  private void span(Span span) {
    text("span name", span.name(), (all, text) -> span(all).name(text));
    id("trace id", span.traceIdLo(), (all, bits) -> span(all).traceIdLo(span.traceIdLo() ^ bits));
    id("span id", span.spanId(), (all, bits) -> span(all).spanId(span.spanId() ^ bits));
    id(
        "parent span id",
        span.parentSpanId(),
        (all, bits) -> span(all).parentSpanId(span.parentSpanId() ^ bits));
    number(
        "start time",
        span.startTimeUnixNano(),
        -1_000_000_000,
        (all, time) -> span(all).startTimeUnixNano(time));
    number(
        "end time",
        span.endTimeUnixNano(),
        1_000_000_000,
        (all, time) -> span(all).endTimeUnixNano(time));
    text("status message", span.statusMessage(), (all, text) -> span(all).statusMessage(text));
    text("trace state", span.traceState(), (all, text) -> span(all).traceState(text));
    count(
        "", span.droppedAttributesCount(), (all, count) -> span(all).droppedAttributesCount(count));
    number(
        "dropped events count",
        span.droppedEventsCount(),
        1,
        (all, count) -> span(all).droppedEventsCount((int) (long) count));
    number(
        "dropped links count",
        span.droppedLinksCount(),
        1,
        (all, count) -> span(all).droppedLinksCount((int) (long) count));
    choices("kind", 6, (all, kind) -> span(all).kind(kind));
    choices("status", 3, (all, status) -> span(all).statusCode(status));
    if (span.flags() != 0) {
      add("flags", "", List.of(all -> span(all).flags(0)), List.of(), null);
    }
  }

  private void text(String name, String value, BiConsumer<ResourceSpans, String> set) {
    if (value.isEmpty()) return;
    var changes = new ArrayList<Change>();
    for (String other : otherTexts(value)) {
      changes.add(new Change(shown(Value.of(other)), all -> set.accept(all, other)));
    }
    String nudged = Nudge.text(value);
    add(name, value, List.of(all -> set.accept(all, "")), changes, all -> set.accept(all, nudged));
  }

  /** A number counts as shown wherever it makes a difference: a time comes out in another unit. */
  private void number(String name, long value, long step, BiConsumer<ResourceSpans, Long> set) {
    if (value == 0) return;
    add(
        name,
        "",
        List.of(all -> set.accept(all, 0L)),
        List.of(new Change("", all -> set.accept(all, value + step))),
        all -> set.accept(all, value + step));
  }

  /** The ids of the request must not be 0: they change by a bit. */
  private void id(String name, long value, BiConsumer<ResourceSpans, Long> flip) {
    if (value == 0) return;
    Consumer<ResourceSpans> other = all -> flip.accept(all, 1L << 40);
    add(name, "", List.of(), List.of(new Change("", other)), other);
  }

  private void choices(String name, int count, BiConsumer<ResourceSpans, Integer> set) {
    var others = new ArrayList<Consumer<ResourceSpans>>();
    for (int i = 0; i < count; i++) {
      int choice = i;
      others.add(all -> set.accept(all, choice));
    }
    add(name, "", others, List.of(), null);
  }

  private void add(
      String name,
      String text,
      List<Consumer<ResourceSpans>> removals,
      List<Change> changes,
      @Nullable Consumer<ResourceSpans> nudge) {
    inputs.add(new Input(name, false, "", text, removals, changes, nudge));
  }
}
