package io.raybridge.xray;

import io.raybridge.data.Attributes;
import io.raybridge.data.Event;
import io.raybridge.data.Link;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.ScopeSpans;
import io.raybridge.data.Span;
import io.raybridge.data.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment document as OTLP spans: one for the segment or subsegment and one for each that
 * is embedded in it, parents first.
 *
 * <p>Nothing gets lost: what no attribute says the same of is kept as JSON in {@link #REST}, so
 * that {@link SegmentRestorer} can write the document that came, with what was changed on the way.
 */
public final class SegmentReader {
  /** What the span was: {@code segment}, {@code subsegment} sent alone, or {@code embedded}. */
  static final String DOCUMENT = "aws.xray.document";

  static final String SEGMENT = "segment";
  static final String SUBSEGMENT = "subsegment";
  static final String EMBEDDED = "embedded";

  /** Members of the document that no attribute stands for, as JSON. */
  static final String REST = "aws.xray.document.rest";

  static final String ANNOTATIONS = "aws.xray.annotations";
  static final String METADATA = "aws.xray.metadata.";
  static final String EXCEPTION = "aws.xray.exception";
  static final String XRAY = "aws.xray.";

  /** Attributes that follow from others: for who knows OpenTelemetry's conventions, not X-Ray's. */
  static final Set<String> DERIVED =
      Set.of("aws.service", "cloud.provider", "cloud.platform", "telemetry.sdk.language");

  private static final int REMOTE_PARENT = 0x300;
  private static final int LOCAL_PARENT = 0x100;
  private static final int SAMPLED = 1;
  private static final int LONGEST_STACK = 16 << 10;

  private final ResourceSpans group = new ResourceSpans();
  private final List<Span> spans;
  private final long traceHigh;
  private final long traceLow;

  private SegmentReader(String traceId) {
    var scope = new ScopeSpans();
    group.scopeSpans().add(scope);
    spans = scope.spans();
    traceHigh = HexFormat.fromHexDigitsToLong(traceId.substring(2, 10) + traceId.substring(11, 19));
    traceLow = HexFormat.fromHexDigitsToLong(traceId.substring(19));
  }

  /**
   * The spans of a document.
   *
   * @throws MalformedSegmentException when it cannot be a span: no JSON object, or without an id, a
   *     trace id or a time at which it starts
   */
  public static ResourceSpans read(byte[] document) throws MalformedSegmentException {
    return read(document, 0, document.length);
  }

  static ResourceSpans read(byte[] bytes, int offset, int length) throws MalformedSegmentException {
    var document = Json.object(bytes, offset, length);
    if (!(document.get("trace_id") instanceof String traceId) || !isTraceId(traceId)) {
      throw new MalformedSegmentException(
          "no_trace_id", "trace_id is missing or wrong (expected: 1-8 hex digits-24 hex digits)");
    }
    if (!isId(document.get("id"))) {
      throw new MalformedSegmentException(
          "no_id", "id is missing or wrong (expected: 16 hex digits, not all zero)");
    }
    if (time(document.get("start_time")) <= 0) {
      throw new MalformedSegmentException(
          "no_start_time", "start_time is missing or wrong (expected: seconds since 1970)");
    }
    var reader = new SegmentReader(traceId);
    boolean alone = "subsegment".equals(document.get("type")) && isId(document.get("parent_id"));
    reader.read(document, alone ? SUBSEGMENT : SEGMENT, 0);
    return reader.group;
  }

  private void read(Map<String, @Nullable Object> rest, String shape, long parent) {
    var span = new Span();
    spans.add(span);
    var attributes = span.attributes();
    attributes.put(DOCUMENT, shape);
    span.traceIdHi(traceHigh).traceIdLo(traceLow).parentSpanId(parent);
    identity(rest, span, shape);
    times(rest, span);
    boolean aws = "aws".equals(rest.get("namespace"));
    boolean call = aws || "remote".equals(rest.get("namespace"));
    if (shape.equals(SEGMENT)) span.kind(Span.KIND_SERVER);
    else span.kind(call ? Span.KIND_CLIENT : Span.KIND_INTERNAL);
    if (aws) attributes.put("aws.service", span.name());
    if (shape.equals(SEGMENT)) resource(rest, span.name());
    fields(rest, shape, attributes);
    annotations(rest, attributes);
    metadata(rest, attributes);
    exceptions(rest, span);
    links(rest, span);
    status(span);
    var embedded = embedded(rest);
    if (!rest.isEmpty()) attributes.put(REST, Json.text(rest));
    for (var subsegment : embedded) read(subsegment, EMBEDDED, span.spanId());
  }

  private void identity(Map<String, @Nullable Object> rest, Span span, String shape) {
    var id = (String) rest.get("id");
    if (id != null) span.spanId(HexFormat.fromHexDigitsToLong(id));
    if (Ids.hex(span.spanId()).equals(id)) rest.remove("id");
    if (rest.get("name") instanceof String name && isName(name)) {
      span.name(name);
      rest.remove("name");
    }
    if (shape.equals(EMBEDDED)) {
      span.flags(LOCAL_PARENT | SAMPLED);
      return;
    }
    if (Ids.traceId(traceHigh, traceLow).equals(rest.get("trace_id"))) rest.remove("trace_id");
    if (shape.equals(SUBSEGMENT)) rest.remove("type");
    span.flags(REMOTE_PARENT | SAMPLED);
    if (!(rest.get("parent_id") instanceof String parent) || !isId(parent)) return;
    span.parentSpanId(HexFormat.fromHexDigitsToLong(parent));
    if (Ids.hex(span.parentSpanId()).equals(parent)) rest.remove("parent_id");
  }

  /** An empty name stays in the rest: a span cannot say the difference to none. */
  private static boolean isName(String name) {
    return !name.isEmpty() && Json.isWellFormed(name);
  }

  private static void times(Map<String, @Nullable Object> rest, Span span) {
    span.startTimeUnixNano(time(rest.get("start_time")));
    if (isExact(rest.get("start_time"), span.startTimeUnixNano())) rest.remove("start_time");
    long end = time(rest.get("end_time"));
    if (end <= 0) return;
    span.endTimeUnixNano(end);
    if (isExact(rest.get("end_time"), end)) rest.remove("end_time");
  }

  private void resource(Map<String, @Nullable Object> rest, String name) {
    var attributes = group.resource().attributes();
    if (!name.isEmpty()) attributes.put("service.name", name);
    for (var field : DocumentField.RESOURCE.values()) {
      var value = field.take(rest);
      if (value != null) attributes.put(field.key(), value);
    }
    derive(attributes);
  }

  private static void derive(Attributes resource) {
    var origin = resource.getString("aws.xray.origin");
    if (origin != null && origin.startsWith("AWS::")) {
      resource.put("cloud.provider", "aws");
      var platform =
          switch (origin) {
            case "AWS::EC2::Instance" -> "aws_ec2";
            case "AWS::ECS::Container", "AWS::ECS::EC2", "AWS::ECS::Fargate" -> "aws_ecs";
            case "AWS::EKS::Container" -> "aws_eks";
            case "AWS::ElasticBeanstalk::Environment" -> "aws_elastic_beanstalk";
            case "AWS::AppRunner::Service" -> "aws_app_runner";
            case "AWS::Lambda::Function", "AWS::Lambda" -> "aws_lambda";
            default -> "";
          };
      if (!platform.isEmpty()) resource.put("cloud.platform", platform);
    }
    var sdk = resource.getString("telemetry.sdk.name");
    if (sdk == null) return;
    var language =
        switch (sdk) {
          case "X-Ray for Java" -> "java";
          case "X-Ray for Python" -> "python";
          case "X-Ray for Node.js" -> "nodejs";
          case "X-Ray for .NET", "X-Ray for .NET Core" -> "dotnet";
          case "X-Ray for Go" -> "go";
          case "X-Ray for Ruby" -> "ruby";
          default -> "";
        };
    if (!language.isEmpty()) resource.put("telemetry.sdk.language", language);
  }

  private static void fields(
      Map<String, @Nullable Object> rest, String shape, Attributes attributes) {
    for (var field : DocumentField.SPAN.values()) {
      var value = field.take(rest);
      if (value != null) attributes.put(field.key(), value);
    }
    if (shape.equals(SEGMENT)) return;
    var account = DocumentField.ACCOUNT.take(rest);
    if (account != null) attributes.put(DocumentField.ACCOUNT.key(), account);
  }

  /** Annotations are attributes of the same key, which a list names, as in the Go receiver. */
  private static void annotations(Map<String, @Nullable Object> rest, Attributes attributes) {
    var annotations = Json.asObject(rest.get("annotations"));
    if (annotations == null || annotations.isEmpty()) return;
    var keys = new ArrayList<Value>();
    annotations
        .entrySet()
        .removeIf(annotation -> {
          var key = annotation.getKey();
          var value = scalar(annotation.getValue());
          if (value == null || !isOwn(key) || !attributes.putIfAbsent(key, value)) return false;
          keys.add(Value.of(key));
          return true;
        });
    if (annotations.isEmpty()) rest.remove("annotations");
    if (!keys.isEmpty()) attributes.put(ANNOTATIONS, Value.of(keys));
  }

  /** Whether an attribute of this key is nobody else's. */
  static boolean isOwn(String key) {
    return Json.isWellFormed(key)
        && !key.isEmpty()
        && !key.startsWith(XRAY)
        && !DERIVED.contains(key)
        && !DocumentField.SPAN.containsKey(key)
        && !DocumentField.ACCOUNT.key().equals(key);
  }

  private static @Nullable Value scalar(@Nullable Object json) {
    return switch (json) {
      case String text when Json.isWellFormed(text) -> Value.of(text);
      case Boolean flag -> Value.of(flag.booleanValue());
      case Json.Num number -> DocumentField.number(number);
      case null, default -> null;
    };
  }

  private static void metadata(Map<String, @Nullable Object> rest, Attributes attributes) {
    var metadata = Json.asObject(rest.get("metadata"));
    if (metadata == null || metadata.isEmpty()) return;
    metadata
        .entrySet()
        .removeIf(namespace -> {
          var members = Json.asObject(namespace.getValue());
          if (members == null || !Json.isWellFormed(namespace.getKey())) return false;
          attributes.put(METADATA + namespace.getKey(), Json.text(members));
          return true;
        });
    if (metadata.isEmpty()) rest.remove("metadata");
  }

  private static void exceptions(Map<String, @Nullable Object> rest, Span span) {
    var cause = Json.asObject(rest.get("cause"));
    if (cause == null) return;
    var exceptions = Json.asList(cause.get("exceptions"));
    if (exceptions == null || exceptions.isEmpty()) return;
    for (var exception : exceptions) if (Json.asObject(exception) == null) return;
    for (var exception : exceptions) {
      var members = Json.asObject(exception);
      if (members != null) span.events().add(exception(members, span));
    }
    cause.remove("exceptions");
    if (cause.isEmpty()) rest.remove("cause");
  }

  private static Event exception(Map<String, @Nullable Object> exception, Span span) {
    var event = new Event().name("exception");
    event.timeUnixNano(
        span.endTimeUnixNano() > 0 ? span.endTimeUnixNano() : span.startTimeUnixNano());
    var stack = stack(exception);
    member(exception, "type", "exception.type", event);
    member(exception, "message", "exception.message", event);
    if (!stack.isEmpty()) event.attributes().put("exception.stacktrace", stack);
    event.attributes().put(EXCEPTION, Json.text(exception));
    return event;
  }

  private static void member(
      Map<String, @Nullable Object> exception, String name, String key, Event event) {
    if (!(exception.get(name) instanceof String text) || !Json.isWellFormed(text)) return;
    event.attributes().put(key, text);
    exception.remove(name);
  }

  /** The frames as a text, for who does not know X-Ray's. */
  private static String stack(Map<String, @Nullable Object> exception) {
    var frames = Json.asList(exception.get("stack"));
    if (frames == null || frames.isEmpty()) return "";
    var text = new StringBuilder();
    if (exception.get("type") instanceof String type) text.append(type);
    if (exception.get("message") instanceof String message) text.append(": ").append(message);
    for (var each : frames) {
      var frame = Json.asObject(each);
      if (frame == null || text.length() > LONGEST_STACK) continue;
      text.append("\n\tat ").append(frame.get("label") instanceof String label ? label : "");
      text.append('(').append(frame.get("path") instanceof String path ? path : "");
      if (frame.get("line") instanceof Json.Num(var line)) text.append(':').append(line);
      text.append(')');
    }
    var whole = text.toString();
    return Json.isWellFormed(whole) ? whole : "";
  }

  private static void links(Map<String, @Nullable Object> rest, Span span) {
    var links = Json.asList(rest.get("links"));
    if (links == null || links.isEmpty()) return;
    var read = new ArrayList<Link>();
    for (var each : links) {
      var link = link(Json.asObject(each));
      if (link == null) return;
      read.add(link);
    }
    span.links().addAll(read);
    rest.remove("links");
  }

  /** The link that says the same, or null. */
  private static @Nullable Link link(@Nullable Map<String, @Nullable Object> json) {
    if (json == null
        || !(json.get("trace_id") instanceof String trace)
        || !isTraceId(trace)
        || !(json.get("id") instanceof String id)
        || !isId(id)) return null;
    var link =
        new Link()
            .traceIdHi(
                HexFormat.fromHexDigitsToLong(trace.substring(2, 10) + trace.substring(11, 19)))
            .traceIdLo(HexFormat.fromHexDigitsToLong(trace.substring(19)))
            .spanId(HexFormat.fromHexDigitsToLong(id));
    if (!Ids.traceId(link.traceIdHi(), link.traceIdLo()).equals(trace)) return null;
    if (!Ids.hex(link.spanId()).equals(id)) return null;
    if (json.size() == 2) return link;
    var attributes = Json.asObject(json.get("attributes"));
    if (json.size() != 3 || attributes == null || attributes.isEmpty()) return null;
    for (var attribute : attributes.entrySet()) {
      var value = scalar(attribute.getValue());
      if (value == null || !Json.isWellFormed(attribute.getKey())) return null;
      link.attributes().put(attribute.getKey(), value);
    }
    return link;
  }

  /** Only flags make an error: a cause may tell of an exception that was dealt with. */
  private static void status(Span span) {
    var attributes = span.attributes();
    boolean failed =
        attributes.getBoolean("aws.xray.fault", false)
            || attributes.getBoolean("aws.xray.error", false)
            || attributes.getBoolean("aws.xray.throttle", false);
    if (failed) span.statusCode(Span.STATUS_ERROR);
  }

  /** Takes out the subsegments that can be spans; others stay with this one. */
  private static List<Map<String, @Nullable Object>> embedded(Map<String, @Nullable Object> rest) {
    var subsegments = Json.asList(rest.get("subsegments"));
    if (subsegments == null || subsegments.isEmpty()) return List.of();
    var embedded = new ArrayList<Map<String, @Nullable Object>>();
    subsegments.removeIf(each -> {
      var subsegment = Json.asObject(each);
      if (subsegment == null
          || !isId(subsegment.get("id"))
          || time(subsegment.get("start_time")) <= 0) return false;
      embedded.add(subsegment);
      return true;
    });
    if (subsegments.isEmpty()) rest.remove("subsegments");
    return embedded;
  }

  private static boolean isId(@Nullable Object json) {
    return json instanceof String text
        && text.length() == 16
        && isHex(text, 0, 16)
        && HexFormat.fromHexDigitsToLong(text) != 0;
  }

  private static boolean isTraceId(String text) {
    if (text.length() != 35 || !text.startsWith("1-") || text.charAt(10) != '-') return false;
    if (!isHex(text, 2, 10) || !isHex(text, 11, 35)) return false;
    for (int i = 2; i < 35; i++) if (text.charAt(i) != '0' && text.charAt(i) != '-') return true;
    return false;
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) if (!HexFormat.isHexDigit(text.charAt(i))) return false;
    return true;
  }

  /** Seconds since 1970 in nanoseconds, cut; 0 for what is no such time. */
  private static long time(@Nullable Object json) {
    var seconds = seconds(json);
    if (seconds == null || seconds.signum() <= 0) return 0;
    return seconds.movePointRight(9).setScale(0, RoundingMode.DOWN).longValueExact();
  }

  private static boolean isExact(@Nullable Object json, long nanos) {
    var seconds = seconds(json);
    return seconds != null && seconds.compareTo(BigDecimal.valueOf(nanos, 9)) == 0;
  }

  private static @Nullable BigDecimal seconds(@Nullable Object json) {
    if (!(json instanceof Json.Num(var digits)) || digits.length() > 40) return null;
    BigDecimal seconds;
    try {
      seconds = new BigDecimal(digits);
    } catch (NumberFormatException e) {
      // an exponent beyond what an int holds
      return null;
    }
    // of a size that OTLP's nanoseconds can say, before anybody expands it
    long digitsBeforePoint = (long) seconds.precision() - seconds.scale();
    return digitsBeforePoint > 10 || seconds.scale() > 100 || seconds.compareTo(LAST) > 0
        ? null
        : seconds;
  }

  private static final BigDecimal LAST = BigDecimal.valueOf(Long.MAX_VALUE, 9);
}
