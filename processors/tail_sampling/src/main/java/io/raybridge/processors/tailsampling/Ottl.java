package io.raybridge.processors.tailsampling;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Conditions in the OpenTelemetry Transformation Language, as far as they are plain: comparisons of
 * a span's, its resource's, its scope's or an event's members with each other and with literals,
 * joined by {@code and}, {@code or} and {@code not}. What is not understood is an error with its
 * place, never a condition that means something else.
 */
final class Ottl {
  private static final Map<String, Long> ENUMS =
      Map.of(
          "STATUS_CODE_UNSET", 0L,
          "STATUS_CODE_OK", 1L,
          "STATUS_CODE_ERROR", 2L,
          "SPAN_KIND_UNSPECIFIED", 0L,
          "SPAN_KIND_INTERNAL", 1L,
          "SPAN_KIND_SERVER", 2L,
          "SPAN_KIND_CLIENT", 3L,
          "SPAN_KIND_PRODUCER", 4L,
          "SPAN_KIND_CONSUMER", 5L);
  private static final List<String> KINDS =
      List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");
  private static final String PATHS =
      "attributes[\"k\"], resource.attributes[\"k\"], name, kind, kind.string, status.code,"
          + " status.message, start_time, end_time, start_time_unix_nano, end_time_unix_nano,"
          + " scope.name, scope.version";

  /** A value that equals nothing, not even nil: a list, a map or bytes. */
  private static final Object OTHER = new Object();

  private final OttlTokens tokens;
  private final boolean ofEvent;
  private final ToIntFunction<String> keys;
  private final Set<Value> truths = new HashSet<>();

  private Ottl(String text, boolean ofEvent, ToIntFunction<String> keys) throws OttlException {
    tokens = new OttlTokens(text);
    this.ofEvent = ofEvent;
    this.keys = keys;
  }

  /** What a condition is asked about. */
  record Spot(SpanWalk walk, EventView event) {}

  private interface Value {
    @Nullable Object of(Spot spot);
  }

  /**
   * Reads a condition.
   *
   * @param ofEvent whether members without prefix are an event's rather than a span's
   * @param keys gives each attribute that is named its number
   */
  static Predicate<Spot> read(String text, boolean ofEvent, ToIntFunction<String> keys)
      throws OttlException {
    var reader = new Ottl(text, ofEvent, keys);
    var condition = reader.or();
    if (!reader.tokens.atEnd()) throw reader.tokens.unexpected("and, or, or the end");
    return condition;
  }

  private Predicate<Spot> or() throws OttlException {
    var condition = and();
    while (tokens.take("or")) condition = condition.or(and());
    return condition;
  }

  private Predicate<Spot> and() throws OttlException {
    var condition = not();
    while (tokens.take("and")) condition = condition.and(not());
    return condition;
  }

  private Predicate<Spot> not() throws OttlException {
    if (tokens.take("not")) return not().negate();
    if (!tokens.take("(")) return comparison();
    var condition = or();
    tokens.expect(")");
    return condition;
  }

  private Predicate<Spot> comparison() throws OttlException {
    var left = sum();
    for (var operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
      if (!tokens.take(operator)) continue;
      var right = sum();
      return spot -> compare(operator, left.of(spot), right.of(spot));
    }
    if (truths.contains(left)) return spot -> Boolean.TRUE.equals(left.of(spot));
    throw tokens.unexpected("a comparison: ==, !=, <, <=, > or >=");
  }

  /**
   * As the Go Collector compares: values of different kinds are unequal, and no order is between.
   */
  private static boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      boolean whole = a instanceof Long && b instanceof Long;
      return holds(
          operator,
          whole
              ? Long.compare(a.longValue(), b.longValue())
              : Double.compare(a.doubleValue(), b.doubleValue()));
    }
    if (left instanceof String a && right instanceof String b) {
      return holds(operator, a.compareTo(b));
    }
    if (left instanceof Boolean a && right instanceof Boolean b) {
      return holds(operator, Boolean.compare(a, b));
    }
    boolean bothNil = left == null && right == null;
    return switch (operator) {
      case "==" -> bothNil;
      case "!=" -> !bothNil;
      default -> false;
    };
  }

  private static boolean holds(String operator, int order) {
    return switch (operator) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private Value sum() throws OttlException {
    var value = value();
    while (true) {
      boolean plus = tokens.take("+");
      if (!plus && !tokens.take("-")) return value;
      var left = value;
      var right = value();
      value = spot -> add(left.of(spot), right.of(spot), plus ? 1 : -1);
    }
  }

  private static @Nullable Object add(@Nullable Object left, @Nullable Object right, int sign) {
    if (left instanceof Long a && right instanceof Long b) return a + sign * b;
    if (left instanceof Number a && right instanceof Number b) {
      return a.doubleValue() + sign * b.doubleValue();
    }
    return null;
  }

  private Value value() throws OttlException {
    int at = tokens.position();
    if (tokens.isText()) return literal(tokens.text());
    if (tokens.isNumber()) return literal(tokens.number());
    if (tokens.take("-")) {
      if (!tokens.isNumber()) throw tokens.unexpected("a number");
      var number = tokens.number();
      return literal(number instanceof Long whole ? (Object) (-whole) : -number.doubleValue());
    }
    if (!tokens.isWord()) throw tokens.unexpected("a text, a number, a path or a function");
    var word = tokens.word();
    if (word.equals("nil")) return _ -> null;
    if (word.equals("true") || word.equals("false")) return truth(literal(word.equals("true")));
    var number = ENUMS.get(word);
    if (number != null) return literal(number);
    if (tokens.take("(")) return call(word, at);
    return path(word, at);
  }

  private static Value literal(Object value) {
    return _ -> value;
  }

  private Value truth(Value value) {
    truths.add(value);
    return value;
  }

  private Value call(String function, int at) throws OttlException {
    return switch (function) {
      case "IsMatch" -> isMatch();
      case "IsRootSpan" -> {
        tokens.expect(")");
        yield truth(spot -> spot.walk().span().parentId() == 0);
      }
      case "Duration" -> {
        int place = tokens.position();
        if (!tokens.isText()) throw tokens.unexpected("a duration such as \"1.5s\"");
        long nanos = OttlTokens.nanos(tokens.text(), place);
        tokens.expect(")");
        yield literal(nanos);
      }
      default ->
          throw new OttlException(
              at, function + " is not built in (expected: IsMatch, IsRootSpan or Duration)");
    };
  }

  private Value isMatch() throws OttlException {
    var text = sum();
    tokens.expect(",");
    int place = tokens.position();
    if (!tokens.isText()) throw tokens.unexpected("a regular expression in quotes");
    var pattern = pattern(tokens.text(), place);
    tokens.expect(")");
    return truth(spot -> {
      var value = text.of(spot);
      return value != null && value != OTHER && pattern.matcher(value.toString()).find();
    });
  }

  private Pattern pattern(String regex, int at) throws OttlException {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new OttlException(at, "\"" + regex + "\" is no regular expression: " + e.getMessage());
    }
  }

  private Value path(String first, int at) throws OttlException {
    var path = new StringBuilder(first);
    while (tokens.take(".")) {
      if (!tokens.isWord()) throw tokens.unexpected("a name");
      path.append('.').append(tokens.word());
    }
    var name = path.toString();
    boolean event = ofEvent;
    if (name.startsWith("span.")) {
      name = name.substring("span.".length());
      event = false;
    } else if (name.startsWith("spanevent.") && ofEvent) {
      name = name.substring("spanevent.".length());
    }
    if (name.equals("attributes") || name.equals("resource.attributes")) {
      return attribute(name.startsWith("resource"), event);
    }
    var member = event && !isOfBoth(name) ? eventMember(name) : spanMember(name);
    if (member != null) return member;
    throw new OttlException(at, path + " is not built in (expected: " + PATHS + ")");
  }

  private static boolean isOfBoth(String name) {
    return name.startsWith("resource.")
        || name.startsWith("scope.")
        || name.startsWith("instrumentation_scope.");
  }

  private Value attribute(boolean ofResource, boolean event) throws OttlException {
    tokens.expect("[");
    if (!tokens.isText()) throw tokens.unexpected("an attribute's name in quotes");
    int key = keys.applyAsInt(tokens.text());
    tokens.expect("]");
    if (tokens.take("[")) throw tokens.unexpected("no second index: parts of lists and maps");
    if (ofResource) return spot -> attribute(spot.walk().resource(), key);
    if (event) return spot -> attribute(spot.event().attributes(), key);
    return spot -> attribute(spot.walk().span().attributes(), key);
  }

  private static @Nullable Object attribute(AttributesView in, int key) {
    int index = in.indexOf(key);
    if (index < 0) return null;
    return switch (in.type(index)) {
      case AnyValueView.EMPTY -> null;
      case AnyValueView.STRING -> text(in.bytes(), in.offset(index), in.length(index));
      case AnyValueView.BOOL -> in.number(index) != 0;
      case AnyValueView.INT -> in.number(index);
      case AnyValueView.DOUBLE -> Double.longBitsToDouble(in.number(index));
      default -> OTHER;
    };
  }

  private static @Nullable Value eventMember(String name) {
    return switch (name) {
      case "name" ->
          spot -> {
            var event = spot.event();
            return text(event.attributes().bytes(), event.nameOffset(), event.nameLength());
          };
      case "time", "time_unix_nano" -> spot -> spot.event().time();
      default -> null;
    };
  }

  private static @Nullable Value spanMember(String name) {
    return switch (name) {
      case "name" -> ofSpan(span -> text(span.bytes(), span.nameOffset(), span.nameLength()));
      case "kind" -> ofSpan(span -> (long) span.kind());
      case "kind.string" ->
          ofSpan(span -> KINDS.get(span.kind() >= 0 && span.kind() < 6 ? span.kind() : 0));
      case "status.code" -> ofSpan(span -> (long) span.status());
      case "status.message" ->
          ofSpan(span -> text(span.bytes(), span.messageOffset(), span.messageLength()));
      case "start_time", "start_time_unix_nano" -> ofSpan(SpanView::start);
      case "end_time", "end_time_unix_nano" -> ofSpan(SpanView::end);
      case "scope.name", "instrumentation_scope.name" ->
          spot -> {
            var walk = spot.walk();
            return text(walk.span().bytes(), walk.scopeNameOffset(), walk.scopeNameLength());
          };
      case "scope.version", "instrumentation_scope.version" ->
          spot -> {
            var walk = spot.walk();
            return text(walk.span().bytes(), walk.scopeVersionOffset(), walk.scopeVersionLength());
          };
      default -> null;
    };
  }

  private interface OfSpan {
    Object of(SpanView span);
  }

  private static Value ofSpan(OfSpan member) {
    return spot -> member.of(spot.walk().span());
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
