package io.raybridge.xray;

import io.raybridge.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a segment document that an attribute stands for, the same in both directions. What
 * such a member holds beside its type, and all members without a field, the span carries as JSON.
 *
 * <p>Attributes have the names that the Go receiver gives them, where it gives one.
 */
record DocumentField(List<String> path, String key, Type type) {
  /** What a member has to be for its attribute to say the same. */
  enum Type {
    TEXT,
    WHOLE,
    /** A whole number whose attribute is a text by OpenTelemetry's conventions. */
    WHOLE_AS_TEXT,
    FLAG,
    TEXTS
  }

  /** On the resource of a segment. */
  static final Map<String, DocumentField> RESOURCE =
      byKey(
          of("origin", "aws.xray.origin", Type.TEXT),
          of("resource_arn", "aws.xray.resource_arn", Type.TEXT),
          of("service/version", "service.version", Type.TEXT),
          of("service/runtime", "process.runtime.name", Type.TEXT),
          of("service/runtime_version", "process.runtime.version", Type.TEXT),
          of("aws/account_id", "cloud.account.id", Type.TEXT),
          of("aws/ec2/instance_id", "host.id", Type.TEXT),
          of("aws/ec2/instance_size", "host.type", Type.TEXT),
          of("aws/ec2/ami_id", "host.image.id", Type.TEXT),
          of("aws/ec2/availability_zone", "cloud.availability_zone", Type.TEXT),
          of("aws/ecs/container", "container.name", Type.TEXT),
          of("aws/ecs/container_id", "container.id", Type.TEXT),
          of("aws/ecs/container_arn", "aws.ecs.container.arn", Type.TEXT),
          of("aws/ecs/task_arn", "aws.ecs.task.arn", Type.TEXT),
          of("aws/ecs/task_family", "aws.ecs.task.family", Type.TEXT),
          of("aws/ecs/cluster_arn", "aws.ecs.cluster.arn", Type.TEXT),
          of("aws/ecs/launch_type", "aws.ecs.launchtype", Type.TEXT),
          of("aws/eks/cluster_name", "k8s.cluster.name", Type.TEXT),
          of("aws/eks/pod", "k8s.pod.name", Type.TEXT),
          of("aws/elastic_beanstalk/environment_name", "service.namespace", Type.TEXT),
          of("aws/elastic_beanstalk/deployment_id", "service.instance.id", Type.WHOLE_AS_TEXT),
          of("aws/xray/sdk", "telemetry.sdk.name", Type.TEXT),
          of("aws/xray/sdk_version", "telemetry.sdk.version", Type.TEXT),
          of("aws/xray/auto_instrumentation", "aws.xray.auto_instrumentation", Type.FLAG));

  /** On the span, of segments and subsegments. */
  static final Map<String, DocumentField> SPAN =
      byKey(
          of("namespace", "aws.xray.namespace", Type.TEXT),
          of("user", "enduser.id", Type.TEXT),
          of("in_progress", "aws.xray.inprogress", Type.FLAG),
          of("error", "aws.xray.error", Type.FLAG),
          of("fault", "aws.xray.fault", Type.FLAG),
          of("throttle", "aws.xray.throttle", Type.FLAG),
          of("traced", "aws.xray.traced", Type.FLAG),
          of("precursor_ids", "aws.xray.precursor_ids", Type.TEXTS),
          of("cause", "aws.xray.cause", Type.TEXT),
          of("cause/working_directory", "aws.xray.cause.working_directory", Type.TEXT),
          of("cause/paths", "aws.xray.cause.paths", Type.TEXTS),
          of("http/request/method", "http.method", Type.TEXT),
          of("http/request/url", "http.url", Type.TEXT),
          of("http/request/user_agent", "http.user_agent", Type.TEXT),
          of("http/request/client_ip", "http.client_ip", Type.TEXT),
          of("http/request/x_forwarded_for", "aws.xray.x_forwarded_for", Type.FLAG),
          of("http/response/status", "http.status_code", Type.WHOLE),
          of("http/response/content_length", "http.response_content_length", Type.WHOLE),
          of("aws/operation", "aws.operation", Type.TEXT),
          of("aws/region", "aws.region", Type.TEXT),
          of("aws/request_id", "aws.request_id", Type.TEXT),
          of("aws/id_2", "aws.extended_request_id", Type.TEXT),
          of("aws/retries", "aws.xray.retries", Type.WHOLE),
          of("aws/queue_url", "aws.queue_url", Type.TEXT),
          of("aws/table_name", "aws.table_name", Type.TEXT),
          of("aws/table_names", "aws.dynamodb.table_names", Type.TEXTS),
          of("aws/bucket_name", "aws.s3.bucket", Type.TEXT),
          of("aws/key", "aws.s3.key", Type.TEXT),
          of("aws/topic_arn", "aws.sns.topic.arn", Type.TEXT),
          of("aws/function_name", "faas.invoked_name", Type.TEXT),
          of("sql/url", "aws.xray.sql.url", Type.TEXT),
          of("sql/connection_string", "db.connection_string", Type.TEXT),
          of("sql/sanitized_query", "db.statement", Type.TEXT),
          of("sql/database_type", "db.system", Type.TEXT),
          of("sql/database_version", "aws.xray.sql.database_version", Type.TEXT),
          of("sql/driver_version", "aws.xray.sql.driver_version", Type.TEXT),
          of("sql/preparation", "aws.xray.sql.preparation", Type.TEXT),
          of("sql/user", "db.user", Type.TEXT));

  /** On the span of a subsegment, whose account is the callee's. */
  static final DocumentField ACCOUNT = of("aws/account_id", "aws.account_id", Type.TEXT);

  private static DocumentField of(String path, String key, Type type) {
    return new DocumentField(List.of(path.split("/")), key, type);
  }

  private static Map<String, DocumentField> byKey(DocumentField... fields) {
    var map = new LinkedHashMap<String, DocumentField>();
    for (var field : fields) map.put(field.key, field);
    return map;
  }

  /** Takes the member out of a document; null when it is not there or of another type. */
  @Nullable Value take(Map<String, @Nullable Object> document) {
    return take(document, 0);
  }

  private @Nullable Value take(Map<String, @Nullable Object> object, int depth) {
    var name = path.get(depth);
    var member = object.get(name);
    if (depth == path.size() - 1) {
      var value = value(member);
      if (value != null) object.remove(name);
      return value;
    }
    var inner = Json.asObject(member);
    if (inner == null) return null;
    var value = take(inner, depth + 1);
    // An object that came empty is one; one that was emptied comes back with its members.
    if (value != null && inner.isEmpty()) object.remove(name);
    return value;
  }

  /** Puts the member into a document; false where something else is in its place. */
  boolean put(Map<String, @Nullable Object> document, Value value) {
    var member = json(value);
    if (member == null) return false;
    var object = document;
    for (var name : path.subList(0, path.size() - 1)) {
      var inner =
          object.containsKey(name)
              ? Json.asObject(object.get(name))
              : new LinkedHashMap<String, @Nullable Object>();
      if (inner == null) return false;
      object.put(name, inner);
      object = inner;
    }
    object.putIfAbsent(path.getLast(), member);
    return true;
  }

  private @Nullable Value value(@Nullable Object json) {
    return switch (type) {
      case TEXT -> json instanceof String text && Json.isWellFormed(text) ? Value.of(text) : null;
      case FLAG -> json instanceof Boolean flag ? Value.of(flag.booleanValue()) : null;
      case WHOLE -> number(json) instanceof Value.Int whole ? whole : null;
      case WHOLE_AS_TEXT ->
          number(json) instanceof Value.Int(long whole) ? Value.of(Long.toString(whole)) : null;
      case TEXTS -> texts(json);
    };
  }

  private @Nullable Object json(Value value) {
    return switch (value) {
      case Value.Str(var text) ->
          switch (type) {
            case TEXT -> text;
            case WHOLE_AS_TEXT -> whole(text);
            default -> null;
          };
      case Value.Bool(boolean flag) when type == Type.FLAG -> flag;
      case Value.Int(long whole) when type == Type.WHOLE -> Json.Num.of(whole);
      case Value.Arr(var elements) when type == Type.TEXTS -> {
        var texts = new ArrayList<@Nullable Object>();
        for (var element : elements) {
          if (!(element instanceof Value.Str(var text))) yield null;
          texts.add(text);
        }
        yield texts;
      }
      default -> null;
    };
  }

  private static @Nullable Value texts(@Nullable Object json) {
    var list = Json.asList(json);
    if (list == null) return null;
    var texts = new ArrayList<Value>();
    for (var element : list) {
      if (!(element instanceof String text) || !Json.isWellFormed(text)) return null;
      texts.add(Value.of(text));
    }
    return Value.of(texts);
  }

  /** The number as an OTLP value that says exactly the same, or null. */
  static @Nullable Value number(@Nullable Object json) {
    if (!(json instanceof Json.Num(var digits)) || digits.length() > 40) return null;
    if (whole(digits) != null) return Value.of(Long.parseLong(digits));
    double value = Double.parseDouble(digits);
    if (!Double.isFinite(value)) return null;
    return isSame(digits, value) ? Value.of(value) : null;
  }

  private static boolean isSame(String digits, double value) {
    try {
      return new BigDecimal(digits).compareTo(new BigDecimal(Double.toString(value))) == 0;
    } catch (NumberFormatException e) {
      // an exponent beyond what an int holds
      return false;
    }
  }

  private static Json.@Nullable Num whole(String digits) {
    try {
      var number = Json.Num.of(Long.parseLong(digits));
      return number.digits().equals(digits) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
