package io.raybridge.local.api;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What GetTraceSummaries tells of a trace. Faults and errors are those of the root, as the client
 * saw them; throttling counts wherever it happened.
 *
 * @see <a href="https://docs.aws.amazon.com/xray/latest/api/API_TraceSummary.html">TraceSummary</a>
 */
final class TraceSummary {
  private final CompiledTrace trace;
  private final Map<String, Map<JsonNode, Set<ObjectNode>>> annotations = new LinkedHashMap<>();
  private final Map<String, Set<ObjectNode>> users = new LinkedHashMap<>();
  private final Set<ObjectNode> services = new LinkedHashSet<>();
  private final Set<String> arns = new LinkedHashSet<>();
  private final Set<String> instances = new LinkedHashSet<>();
  private final Set<String> zones = new LinkedHashSet<>();
  private boolean throttled;
  private boolean partial;

  private TraceSummary(CompiledTrace trace) {
    this.trace = trace;
  }

  static ObjectNode of(CompiledTrace trace) {
    var summary = new TraceSummary(trace);
    for (ObjectNode segment : trace.segments()) summary.segment(segment);
    return summary.json();
  }

  private void segment(ObjectNode segment) {
    ObjectNode service = serviceId(segment);
    if (CompiledTrace.isSegment(segment)) services.add(service);
    CompiledTrace.eachNode(segment, node -> node(node, service));
    String user = Json.string(segment, "user");
    if (user != null) users.computeIfAbsent(user, u -> new LinkedHashSet<>()).add(service);
    JsonNode aws = Json.at(segment, "aws");
    add(arns, Json.string(segment, "resource_arn"));
    add(arns, Json.string(aws, "function_arn"));
    add(arns, Json.string(aws, "ecs", "container_arn"));
    add(instances, Json.string(aws, "ec2", "instance_id"));
    add(zones, Json.string(aws, "ec2", "availability_zone"));
    add(zones, Json.string(aws, "ecs", "availability_zone"));
  }

  private void node(JsonNode node, ObjectNode service) {
    throttled |= Json.isTrue(node, "throttle");
    partial |= Json.at(node, "end_time").isMissingNode() || Json.isTrue(node, "in_progress");
    JsonNode own = Json.at(node, "annotations");
    if (!own.isObject()) return;
    for (var annotation : own.properties()) {
      ObjectNode value = annotationValue(annotation.getValue());
      if (value == null) continue;
      annotations
          .computeIfAbsent(annotation.getKey(), key -> new LinkedHashMap<>())
          .computeIfAbsent(value, v -> new LinkedHashSet<>())
          .add(service);
    }
  }

  private static @Nullable ObjectNode annotationValue(JsonNode value) {
    if (value.isString()) return Json.object().put("StringValue", value.stringValue());
    if (value.isBoolean()) return Json.object().put("BooleanValue", value.booleanValue());
    if (value.isNumber()) return Json.object().set("NumberValue", value);
    return null;
  }

  private ObjectNode json() {
    ObjectNode root = trace.root();
    ObjectNode json = Json.object();
    json.put("Id", trace.row().id());
    json.put("StartTime", Json.seconds(trace.row().startMicros()));
    json.put("MatchedEventTime", Json.seconds(trace.row().startMicros()));
    json.put("Duration", trace.duration());
    if (root != null) root(json, root);
    json.put("HasThrottle", throttled);
    json.put("IsPartial", partial);
    json.put("Revision", trace.row().revision());
    json.set("Annotations", annotations());
    ArrayNode people = json.putArray("Users");
    users.forEach((name, seenBy) -> {
      ObjectNode user = people.addObject().put("UserName", name);
      user.putArray("ServiceIds").addAll(seenBy);
    });
    json.putArray("ServiceIds").addAll(services);
    named(json.putArray("ResourceARNs"), "ARN", arns);
    named(json.putArray("InstanceIds"), "Id", instances);
    named(json.putArray("AvailabilityZones"), "Name", zones);
    return json;
  }

  private static void root(ObjectNode json, ObjectNode root) {
    long start = Json.micros(Json.at(root, "start_time"));
    long end = Json.micros(Json.at(root, "end_time"));
    if (start >= 0 && end >= start) json.put("ResponseTime", (end - start) / 1e6);
    json.put("HasFault", Json.isTrue(root, "fault"));
    json.put("HasError", Json.isTrue(root, "error"));
    json.set("Http", http(Json.at(root, "http")));
    json.set("EntryPoint", serviceId(root));
  }

  private static ObjectNode http(JsonNode http) {
    ObjectNode json = Json.object();
    put(json, "HttpURL", Json.string(http, "request", "url"));
    JsonNode status = Json.at(http, "response", "status");
    if (status.canConvertToInt()) json.put("HttpStatus", status.asInt());
    put(json, "HttpMethod", Json.string(http, "request", "method"));
    put(json, "UserAgent", Json.string(http, "request", "user_agent"));
    put(json, "ClientIp", Json.string(http, "request", "client_ip"));
    return json;
  }

  private ObjectNode annotations() {
    ObjectNode json = Json.object();
    annotations.forEach((key, values) -> {
      ArrayNode list = json.putArray(key);
      values.forEach((value, seenBy) -> {
        ObjectNode entry = list.addObject();
        entry.set("AnnotationValue", value);
        entry.putArray("ServiceIds").addAll(seenBy);
      });
    });
    return json;
  }

  private static ObjectNode serviceId(ObjectNode segment) {
    ObjectNode json = Json.object();
    String name = Json.string(segment, "name");
    put(json, "Name", name);
    if (name != null) json.putArray("Names").add(name);
    put(json, "AccountId", Json.string(segment, "aws", "account_id"));
    put(json, "Type", Json.string(segment, "origin"));
    return json;
  }

  private static void named(ArrayNode list, String member, Set<String> values) {
    for (String value : values) list.addObject().put(member, value);
  }

  private static void add(Set<String> values, @Nullable String value) {
    if (value != null) values.add(value);
  }

  private static void put(ObjectNode json, String member, @Nullable String value) {
    if (value != null) json.put(member, value);
  }
}
