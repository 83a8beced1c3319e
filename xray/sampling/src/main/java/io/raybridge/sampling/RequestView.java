package io.raybridge.sampling;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The present span of a walk as the request that a rule is asked about. Reads what is asked for and
 * allocates nothing.
 */
public final class RequestView {
  private static final String UNKNOWN_OPERATION = "UnknownOperation";
  private static final byte[] NOTHING = {};
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  private final SpanWalk walk;
  private final Text text = new Text();
  private final byte[] digits = new byte[20];
  private byte[] lastName = NOTHING;
  private String lastNameText = "";

  public RequestView(SpanWalk walk) {
    this.walk = walk;
  }

  /** Where a text lies. One per view, overwritten by the next question. */
  static final class Text {
    byte[] bytes = NOTHING;
    int offset;
    int length;

    boolean matches(Wildcard pattern) {
      return pattern.matches(bytes, offset, length);
    }

    String text() {
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private Text of(byte[] bytes) {
      return of(bytes, 0, bytes.length);
    }

    private Text of(byte[] bytes, int offset, int length) {
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
      return this;
    }
  }

  /** The walk that this is a view of. */
  public SpanWalk walk() {
    return walk;
  }

  /** The service's name, or empty. Spans of one service after another get the same text. */
  public String serviceName() {
    var name = service();
    int end = name.offset + name.length;
    if (!Arrays.equals(lastName, 0, lastName.length, name.bytes, name.offset, end)) {
      lastName = Arrays.copyOfRange(name.bytes, name.offset, end);
      lastNameText = new String(lastName, StandardCharsets.UTF_8);
    }
    return lastNameText;
  }

  /**
   * What ADOT calls the operation: as the SDK says it, or else the method and the first part of the
   * path.
   *
   * @param ids of the attribute in which the SDK says it
   */
  public String operation(int[] ids) {
    if (first(ids).length > 0) return text.text();
    if (path().length == 0) return UNKNOWN_OPERATION;
    var first = text.text().split("/", 3);
    var operation = first.length > 1 ? "/" + first[1] : "/";
    return method().length == 0 ? operation : text.text() + " " + operation;
  }

  Text service() {
    return string(walk.resource(), SpanKeys.SERVICE_NAME);
  }

  /** What X-Ray calls the kind of thing that the service runs on. */
  Text serviceType() {
    var platform = string(walk.resource(), SpanKeys.CLOUD_PLATFORM);
    for (var each : PLATFORMS) if (platform.matches(each.name)) return text.of(each.type);
    return text.of(NOTHING);
  }

  private static final List<Platform> PLATFORMS =
      List.of(
          new Platform("aws_ec2", "AWS::EC2::Instance"),
          new Platform("aws_ecs", "AWS::ECS::Container"),
          new Platform("aws_eks", "AWS::EKS::Container"),
          new Platform("aws_elastic_beanstalk", "AWS::ElasticBeanstalk::Environment"),
          new Platform("aws_lambda", "AWS::Lambda::Function"),
          new Platform("aws_app_runner", "AWS::AppRunner::Service"));

  private static final class Platform {
    final Wildcard name;
    final byte[] type;

    Platform(String name, String type) {
      this.name = Wildcard.of(name);
      this.type = ascii(type);
    }
  }

  Text host() {
    return first(SpanKeys.HOST);
  }

  Text method() {
    return first(SpanKeys.METHOD);
  }

  /** The path without query: its own attribute, or what the target or the URL has of it. */
  Text path() {
    var span = walk.span().attributes();
    if (string(span, SpanKeys.URL_PATH).length > 0) return text;
    if (string(span, SpanKeys.HTTP_TARGET).length == 0) {
      if (first(SpanKeys.URL).length == 0) return text;
      cutAuthority();
    }
    for (int i = 0; i < text.length; i++) {
      byte b = text.bytes[text.offset + i];
      if (b == '?' || b == '#') text.length = i;
    }
    return text;
  }

  /** Whether the path matches. */
  public boolean pathMatches(Wildcard pattern) {
    return path().matches(pattern);
  }

  private void cutAuthority() {
    int end = text.offset + text.length;
    int at = text.offset;
    for (int i = at; i + 2 < end; i++) {
      if (text.bytes[i] == ':' && text.bytes[i + 1] == '/' && text.bytes[i + 2] == '/') {
        at = i + 3;
        break;
      }
    }
    while (at < end && text.bytes[at] != '/') at++;
    text.length = end - at;
    text.offset = at;
  }

  /** The ARN of the container, or of the Lambda function. */
  Text resourceArn() {
    var resource = walk.resource();
    var span = walk.span().attributes();
    if (string(resource, SpanKeys.ECS_CONTAINER_ARN).length > 0) return text;
    if (string(span, SpanKeys.INVOKED_ARN).length > 0) return text;
    if (string(span, SpanKeys.CLOUD_RESOURCE_ID).length > 0) return text;
    if (string(resource, SpanKeys.CLOUD_RESOURCE_ID).length > 0) return text;
    if (string(span, SpanKeys.FAAS_ID).length > 0) return text;
    return string(resource, SpanKeys.FAAS_ID);
  }

  /**
   * Whether the attribute of one of these numbers matches: the span's, or else the resource's.
   * Numbers and truth values match as they are written.
   */
  boolean matches(int[] ids, Wildcard pattern) {
    return matches(walk.span().attributes(), ids, pattern)
        || matches(walk.resource(), ids, pattern);
  }

  private boolean matches(AttributesView in, int[] ids, Wildcard pattern) {
    for (int id : ids) {
      int index = in.indexOf(id);
      if (index >= 0) return pattern.matchesAny() || value(in, index).matches(pattern);
    }
    return false;
  }

  private Text value(AttributesView in, int index) {
    return switch (in.type(index)) {
      case AnyValueView.STRING -> text.of(in.bytes(), in.offset(index), in.length(index));
      case AnyValueView.BOOL -> text.of(in.number(index) != 0 ? TRUE : FALSE);
      case AnyValueView.INT -> decimal(in.number(index));
      case AnyValueView.DOUBLE ->
          text.of(ascii(Double.toString(Double.longBitsToDouble(in.number(index)))));
      default -> text.of(NOTHING);
    };
  }

  private Text decimal(long number) {
    if (number == Long.MIN_VALUE) return text.of(ascii(Long.toString(number)));
    int at = digits.length;
    long rest = Math.abs(number);
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    if (number < 0) digits[--at] = '-';
    return text.of(digits, at, digits.length - at);
  }

  /** The status of the HTTP response, 0 without one. */
  public int httpStatus() {
    var in = walk.span().attributes();
    for (int id : SpanKeys.STATUS) {
      int index = in.indexOf(id);
      if (index < 0) continue;
      if (in.type(index) == AnyValueView.INT) {
        long number = in.number(index);
        return number > 0 && number < 1000 ? (int) number : 0;
      }
      if (in.type(index) == AnyValueView.STRING) return number(in, index);
    }
    return 0;
  }

  private static int number(AttributesView in, int index) {
    int number = 0;
    if (in.length(index) > 3) return 0;
    for (int i = 0; i < in.length(index); i++) {
      int digit = in.bytes()[in.offset(index) + i] - '0';
      if (digit < 0 || digit > 9) return 0;
      number = 10 * number + digit;
    }
    return number;
  }

  /** What X-Ray calls a fault: a status of 500 and above, or an error that no status explains. */
  public boolean isFault() {
    int status = httpStatus();
    return status >= 500 || (status == 0 && walk.span().status() == 2);
  }

  /** What X-Ray calls an error: a status of 400 to 499. */
  public boolean isError() {
    int status = httpStatus();
    return status >= 400 && status < 500;
  }

  /** Whether the span is the first of its service: of a trace, or behind a remote parent. */
  public boolean isLocalRoot() {
    SpanView span = walk.span();
    if (span.parentId() == 0) return true;
    if ((span.flags() & 0x100) != 0) return (span.flags() & 0x200) != 0;
    return span.kind() == 2 || span.kind() == 5;
  }

  private Text first(int[] ids) {
    var in = walk.span().attributes();
    for (int id : ids) if (string(in, id).length > 0) return text;
    return text;
  }

  private Text string(AttributesView in, int id) {
    int index = in.indexOf(id);
    return index < 0 || in.type(index) != AnyValueView.STRING
        ? text.of(NOTHING)
        : text.of(in.bytes(), in.offset(index), in.length(index));
  }

  /** Whether this is a load balancer's, a cluster's or a probe's question whether all is well. */
  public boolean isHealthCheck() {
    for (var agent : HealthChecks.AGENTS)
      if (first(SpanKeys.USER_AGENT).matches(agent)) return true;
    if (string(walk.span().attributes(), SpanKeys.RPC_SERVICE).matches(HealthChecks.RPC)) {
      return true;
    }
    if (path().length == 0) return false;
    boolean known = false;
    for (var path : HealthChecks.PATHS) known |= text.matches(path);
    if (!known) return false;
    return method().length == 0
        || text.matches(HealthChecks.GET)
        || text.matches(HealthChecks.HEAD);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
