package io.raybridge.sampling;

import io.raybridge.data.view.KeyTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The attributes that a decision looks at, with the numbers that a {@link KeyTable} gives them:
 * those of every request, and those that rules name, each by all names that it had or has in
 * OpenTelemetry's conventions.
 */
public final class SpanKeys {
  static final int SERVICE_NAME = 1;
  static final int CLOUD_PLATFORM = 2;
  static final int ECS_CONTAINER_ARN = 3;
  static final int CLOUD_RESOURCE_ID = 4;
  static final int FAAS_ID = 5;
  static final int INVOKED_ARN = 6;
  static final int[] HOST = {7, 8, 9};
  static final int[] METHOD = {10, 11};
  static final int URL_PATH = 12;
  static final int HTTP_TARGET = 13;
  static final int[] URL = {14, 15};
  static final int[] STATUS = {16, 17};
  static final int[] USER_AGENT = {18, 19};
  static final int RPC_SERVICE = 20;

  private static final List<String> BUILT_IN =
      List.of(
          "service.name",
          "cloud.platform",
          "aws.ecs.container.arn",
          "cloud.resource_id",
          "faas.id",
          "aws.lambda.invoked_arn",
          "server.address",
          "net.host.name",
          "http.host",
          "http.request.method",
          "http.method",
          "url.path",
          "http.target",
          "url.full",
          "http.url",
          "http.response.status_code",
          "http.status_code",
          "user_agent.original",
          "http.user_agent",
          "rpc.service");

  /** Names of one thing, the stable one last. */
  private static final List<List<String>> SAME =
      List.of(
          List.of("http.method", "http.request.method"),
          List.of("http.status_code", "http.response.status_code"),
          List.of("http.url", "url.full"),
          List.of("http.target", "url.path"),
          List.of("http.scheme", "url.scheme"),
          List.of("http.user_agent", "user_agent.original"),
          List.of("http.client_ip", "client.address"),
          List.of("http.host", "net.host.name", "server.address"),
          List.of("net.peer.name", "server.address"),
          List.of("net.host.port", "net.peer.port", "server.port"),
          List.of("net.protocol.version", "http.flavor", "network.protocol.version"),
          List.of("http.request_content_length", "http.request.body.size"),
          List.of("http.response_content_length", "http.response.body.size"),
          List.of("db.system", "db.system.name"),
          List.of("db.name", "db.namespace"),
          List.of("db.operation", "db.operation.name"),
          List.of("db.statement", "db.query.text"),
          List.of("messaging.destination", "messaging.destination.name"),
          List.of("messaging.operation", "messaging.operation.type"),
          List.of("faas.id", "cloud.resource_id"),
          List.of("deployment.environment", "deployment.environment.name"),
          List.of("enduser.id", "user.id"));

  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  public SpanKeys() {
    for (var key : BUILT_IN) number(key);
  }

  /** The numbers of an attribute: its own first, then those of its other names. */
  public int[] of(String attribute) {
    var names = new ArrayList<String>();
    names.add(attribute);
    for (var same : SAME) {
      if (!same.contains(attribute)) continue;
      for (var other : same) if (!names.contains(other)) names.add(other);
    }
    return names.stream().mapToInt(this::number).toArray();
  }

  private int number(String key) {
    var known = numbers.get(key);
    if (known != null) return known;
    numbers.put(key, numbers.size() + 1);
    return numbers.size();
  }

  /** A table of all keys so far. */
  public KeyTable table() {
    return KeyTable.of(List.copyOf(numbers.keySet()));
  }
}
