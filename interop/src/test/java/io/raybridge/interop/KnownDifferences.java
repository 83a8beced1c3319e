package io.raybridge.interop;

import io.raybridge.interop.Comparison.Difference;
import io.raybridge.interop.Comparison.Sent;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Recognises the differences from the Go exporter that docs/xray-translation.md lists, by the names
 * of its rows. A rule is as narrow as what its row says.
 */
final class KnownDifferences {
  private static final Set<String> FLAGS = Set.of("/error", "/fault", "/throttle");
  private static final Set<String> GO_SQL =
      Set.of(
          "db2",
          "derby",
          "hive",
          "mariadb",
          "mssql",
          "mysql",
          "oracle",
          "postgresql",
          "sqlite",
          "teradata",
          "other_sql");
  private static final Set<String> HTTP_PARTS =
      Set.of(
          "server.address",
          "server.port",
          "net.host.name",
          "net.host.port",
          "net.peer.name",
          "net.peer.port",
          "net.peer.ip",
          "network.peer.address",
          "client.address",
          "http.host",
          "http.server_name",
          "http.target",
          "http.scheme",
          "url.scheme",
          "url.query",
          "host.name");
  private static final Set<String> AWS_MEMBERS =
      Set.of(
          "aws.request.id",
          "aws.sqs.queue.url",
          "aws.s3.bucket",
          "aws.bucket.name",
          "aws.s3.key",
          "aws.sns.topic.arn",
          "aws.kinesis.stream_name",
          "aws.stream.name",
          "faas.invoked_name",
          "aws.step_functions.state_machine.arn",
          "aws.secretsmanager.secret.arn",
          "http.request.resend_count",
          "aws.extended_request_id",
          "cloud.region",
          "messaging.url",
          "aws.dynamodb.table_names");
  private static final Set<String> AWS_MEMBER_NAMES =
      Set.of(
          "bucket_name",
          "key",
          "topic_arn",
          "stream_name",
          "function_name",
          "state_machine_arn",
          "secret_id",
          "retries",
          "id_2",
          "region",
          "request_id");

  private final Map<String, Predicate<Difference>> rules = new LinkedHashMap<>();

  KnownDifferences() {
    documents();
    flags();
    shape();
    times();
    aws();
    causes();
    http();
    sql();
    nodes();
    metadata();
    annotations();
  }

  Set<String> names() {
    return rules.keySet();
  }

  /** The row that a difference belongs to, or null. */
  String rule(Difference difference) {
    for (var rule : rules.entrySet()) if (rule.getValue().test(difference)) return rule.getKey();
    return null;
  }

  private void rule(String name, Predicate<Difference> applies) {
    rules.merge(name, applies, Predicate::or);
  }

  // Whole documents and what they are

  private void documents() {
    rule(
        "local-root-elsewhere",
        d -> d.path().isEmpty() && goLacks(d) && isLocalRoot(d) && isElsewhere(d));
    rule(
        "nan",
        d -> d.path().isEmpty() && goLacks(d) && d.sent().span().toString().contains("\"NaN\""));
    rule("first-call", d -> d.path().isEmpty() && d.companion() && goLacks(d) && isSubsegment(d));
    rule("companion-id", d -> d.companion() && d.path().equals("/id"));
    rule("companion-id", d -> d.path().equals("/parent_id") && isLocalRoot(d) && d.go().isString());
    rule(
        "companion-content",
        d -> d.companion() && oursLacks(d) && in(d, "/cause", "/sql", "/user"));
  }

  private void flags() {
    rule(
        "false-flags",
        d -> FLAGS.contains(d.path()) && d.go().isBoolean() && !d.go().asBoolean() && oursLacks(d));
    rule(
        "grpc-codes",
        d ->
            FLAGS.contains(d.path())
                && (d.sent().has("rpc.grpc.status_code")
                    || d.sent().has("rpc.response.status_code")));
    rule(
        "aws-throttling",
        d ->
            FLAGS.contains(d.path())
                && d.ourDocument().path("throttle").asBoolean(false)
                && d.sent()
                    .span()
                    .toString()
                    .matches("(?s).*(Throttling|ThroughputExceeded|SlowDown).*"));
    rule(
        "aws-status-in-message",
        d -> FLAGS.contains(d.path()) && d.sent().span().toString().contains("Status Code: "));
    rule(
        "status-as-text",
        d ->
            (FLAGS.contains(d.path()) || d.path().equals("/http/response/status"))
                && statusIsText(d.sent()));
  }

  private void shape() {
    rule(
        "consumer",
        d -> kind(d) == SpanJson.CONSUMER && d.companion() && d.path().isEmpty() && oursLacks(d));
    rule(
        "remote-parent",
        d ->
            !d.companion()
                && hasRemoteParent(d.sent())
                && kind(d) == SpanJson.INTERNAL
                && in(
                    d,
                    "/type",
                    "/origin",
                    "/service",
                    "/aws",
                    "/metadata/default/otel.resource",
                    "/annotations/otel.resource",
                    "/resource_arn"));
    rule("first-call", d -> !d.companion() && isFirstCall(d) && in(d, "/type", "/parent_id"));
    rule(
        "consumer",
        d -> kind(d) == SpanJson.CONSUMER && in(d, "/type", "/namespace", "/parent_id"));
    rule(
        "consumer",
        d ->
            kind(d) == SpanJson.CONSUMER
                && !d.companion()
                && d.path().startsWith("/links")
                && isFirstCall(d)
                && oursLacks(d));
    rule(
        "subsegment-place",
        d ->
            isSubsegment(d)
                && oursLacks(d)
                && in(
                    d,
                    "/origin",
                    "/service",
                    "/aws/account_id",
                    "/aws/cloudwatch_logs",
                    "/aws/ec2",
                    "/aws/ecs",
                    "/aws/eks",
                    "/aws/elastic_beanstalk",
                    "/aws/xray",
                    "/metadata/default/otel.resource.",
                    "/annotations/otel.resource."));
    rule(
        "lambda-origin",
        d ->
            in(d, "/origin", "/resource_arn")
                && goLacks(d)
                && "aws_lambda".equals(d.sent().ofResource("cloud.platform")));
    rule(
        "origin-by-traces",
        d ->
            (in(d, "/aws/ecs") && goLacks(d) || d.path().equals("/origin") && !oursLacks(d))
                && leavesTraces(d.sent()));
    rule(
        "origin-by-traces",
        d -> in(d, "/aws/eks") && goLacks(d) && d.sent().ofResource("k8s.pod.name") != null);
    rule(
        "ec2-by-host-id",
        d ->
            in(d, "/aws/ec2")
                && oursLacks(d)
                && !text(d.sent().ofResource("host.id")).startsWith("i-"));
    rule("origin-by-traces", d -> in(d, "/aws/eks") && oursLacks(d) && leavesTraces(d.sent()));
    rule(
        "local-root-resource",
        d ->
            isLocalRoot(d)
                && kind(d) != SpanJson.SERVER
                && goLacks(d)
                && in(d, "/metadata/default/otel.resource.", "/annotations/otel.resource."));
    rule("nulls", d -> d.go().isNull() && oursLacks(d));
  }

  private void times() {
    rule(
        "no-end",
        d ->
            in(d, "/end_time", "/in_progress")
                && d.sent().span().path("endTimeUnixNano").asString().equals("0"));
    rule(
        "early-end",
        d -> in(d, "/end_time", "/metadata/raybridge/end_time") && endsEarly(d.sent()));
    rule(
        "microseconds",
        d ->
            in(d, "/start_time", "/end_time")
                && d.go().isNumber()
                && d.ours().isNumber()
                && decimal(d.go())
                        .subtract(decimal(d.ours()))
                        .abs()
                        .compareTo(new BigDecimal("0.0000015"))
                    < 0);
  }

  private void aws() {
    rule(
        "aws-system-name",
        d -> isNewAws(d.sent()) && in(d, "/namespace", "/aws/", "/cause", "/name"));
    rule("other-cloud", d -> in(d, "/aws/") && goLacks(d) && isElsewhere(d));
    rule(
        "sqs-queue",
        d -> isQueue(d.sent()) && in(d, "/namespace", "/aws/queue_url", "/name", "/aws/operation"));
    rule(
        "sqs-queue",
        d ->
            isQueue(d.sent())
                && oursLacks(d)
                && moved(d, "messaging.url", "aws.sqs.queue.url")
                && d.ourDocument().at("/aws/queue_url").asString("").equals(d.go().asString()));
    rule(
        "aws-span-name",
        d ->
            in(d, "/aws/operation", "/name")
                && isOurAws(d)
                && text(d.sent().span().path("name").asString()).contains(d.ours().asString("?")));
    rule("not-aws", d -> !isOurAws(d) && in(d, "/aws/operation", "/aws/queue_url") && oursLacks(d));
    rule(
        "not-aws",
        d ->
            !isOurAws(d)
                && goLacks(d)
                && attribute(d) != null
                && (attribute(d).startsWith("aws.") || attribute(d).equals("rpc.method")));
    rule(
        "aws-members",
        d -> in(d, "/aws/") && goLacks(d) && AWS_MEMBER_NAMES.contains(d.path().substring(5)));
    rule(
        "aws-members",
        d ->
            oursLacks(d)
                && AWS_MEMBERS.contains(text(attribute(d)))
                && !d.ourDocument().at("/aws").isMissingNode());
  }

  private void causes() {
    rule(
        "exception-ids",
        d ->
            d.path().matches("/cause/exceptions/\\*/(id|cause)") && isId(d.go()) && isId(d.ours()));
    rule(
        "exception-remote",
        d ->
            d.path().equals("/cause/exceptions/*/remote")
                && (!d.go().asBoolean(false) || goLacks(d)));
    rule(
        "empty-texts",
        d -> in(d, "/cause/") && d.go().isString() && d.go().asString().isEmpty() && oursLacks(d));
    rule(
        "error-type",
        d ->
            in(d, "/cause")
                && (goLacks(d) || d.go().asString("-").isEmpty())
                && text(d.sent().attribute("error.type")).matches("[A-Za-z].*"));
    rule("python-causes", d -> isLanguage(d, "python") && in(d, "/cause/exceptions/*"));
    rule(
        "javascript-frames",
        d -> isLanguage(d, "javascript", "nodejs", "webjs") && in(d, "/cause/exceptions/*"));
    rule("dotnet-inner", d -> isLanguage(d, "dotnet") && in(d, "/cause/exceptions/*"));
    rule("php-ruby", d -> isLanguage(d, "php", "ruby") && in(d, "/cause/exceptions/*"));
    rule(
        "java-messages",
        d ->
            isLanguage(d, "java")
                && (d.path().endsWith("/message") || d.path().endsWith("/label")));
    rule(
        "other-traces",
        d -> isLanguage(d, "rust") && in(d, "/cause/exceptions/*/stack", "/metadata/otel/events"));
    rule(
        "unknown-in-frames",
        d ->
            in(d, "/cause/exceptions/*/stack")
                && oursLacks(d)
                && (d.go().isNumber() && d.go().asInt() == 0
                    || d.go().isString() && d.go().asString().isEmpty()));
    rule("events", d -> in(d, "/metadata/otel/events") && goLacks(d));
  }

  private void http() {
    rule(
        "content-length",
        d -> d.path().equals("/http/response/content_length") && d.go().asInt(0) == 0);
    rule(
        "content-length",
        d -> in(d, "/http/response/content_length") && d.sent().has("http.response.body.size"));
    rule(
        "content-length",
        d -> oursLacks(d) && moved(d, "http.response.body.size", "http.response_content_length"));
    rule(
        "http-block",
        d ->
            in(d, "/http")
                && oursLacks(d)
                && (d.ourDocument().path("http").isMissingNode() || d.go().isEmpty()));
    rule("client-ip", d -> d.path().equals("/http/request/client_ip"));
    rule(
        "client-ip",
        d ->
            oursLacks(d)
                && moved(d, "net.sock.peer.addr")
                && d.ourDocument().at("/http/request/client_ip").equals(d.go()));
    rule("x-forwarded-for", d -> d.path().equals("/http/request/x_forwarded_for"));
    rule("passwords", d -> in(d, "/http/request/url") && d.ours().asString("").contains("***"));
    rule(
        "url-parts",
        d -> in(d, "/http/request/url") && !d.sent().has("http.url") && !d.sent().has("url.full"));
    rule("http-parts", d -> goLacks(d) && HTTP_PARTS.contains(text(attribute(d))));
  }

  private void sql() {
    rule(
        "passwords",
        d ->
            (in(d, "/sql/connection_string") || moved(d, "db.connection_string"))
                && d.go().asString("").contains("geheim")
                && !d.ours().asString("").contains("geheim"));
    rule(
        "sql-mask",
        d ->
            d.path().equals("/sql/sanitized_query")
                && d.go().isString()
                && d.ours().asString("").contains("?"));
    rule(
        "sql-systems",
        d ->
            (in(d, "/sql/") && goLacks(d) || oursLacks(d) && text(attribute(d)).startsWith("db."))
                && d.sent().has("db.system")
                && !GO_SQL.contains(d.sent().attribute("db.system")));
    rule("stable-db", d -> in(d, "/sql/") && goLacks(d));
    rule(
        "stable-db",
        d ->
            oursLacks(d)
                && text(attribute(d)).startsWith("db.")
                && !d.ourDocument().path("sql").isMissingNode());
    rule("sql-url", d -> in(d, "/sql/url", "/sql/connection_string") && d.go().isString());
  }

  private void nodes() {
    rule(
        "name-characters",
        d -> d.path().equals("/name") && isCleaned(d.go().asString(""), d.ours().asString("")));
    rule("server-name", d -> isName(d) && kind(d) == SpanJson.SERVER);
    rule("root-name", d -> isName(d) && kind(d) == SpanJson.INTERNAL && !isSubsegment(d));
    rule("consumer", d -> isName(d) && kind(d) == SpanJson.CONSUMER && !isSubsegment(d));
    rule(
        "remote-system",
        d ->
            isName(d)
                && d.go().asString().equals(d.sent().attribute("aws.remote.service"))
                && Set.of("postgresql", "kafka", "redis").contains(d.go().asString()));
    rule(
        "aws-service-spelling",
        d ->
            isName(d)
                && isOurAws(d)
                && plain(d.go().asString()).equals(plain(d.ours().asString())));
    rule("node-port", d -> isName(d) && withoutPort(d.go()).equals(withoutPort(d.ours())));
    rule("call-names", d -> isName(d) && isSubsegment(d) && (isSpansName(d) || isPartOfName(d)));
  }

  private void metadata() {
    rule("span-name", d -> d.path().equals("/metadata/otel/name"));
    rule(
        "scope-and-state",
        d ->
            in(
                d,
                "/metadata/otel/links",
                "/metadata/otel/resource",
                "/metadata/otel/scope",
                "/metadata/otel/trace_state",
                "/metadata/otel/status_message",
                "/metadata/otel/dropped"));
    rule(
        "size",
        d ->
            in(d, "/metadata/raybridge/truncated", "/metadata/default/large", "/annotations/large")
                && d.sent().has("large"));
    rule(
        "many-links",
        d ->
            d.sent().span().path("links").size() > 20
                && in(d, "/links/*", "/metadata/raybridge/truncated"));
    rule(
        "unusable-links",
        d ->
            d.sent().span().path("links").path(0).path("traceId").asString("").matches("0{32}")
                && in(d, "/links/*"));
    rule("empty-values", d -> d.ours().isNull() && goLacks(d));
    rule(
        "index-all-lists",
        d ->
            d.exporter().equals("all")
                && goLacks(d)
                && in(d, "/metadata/default")
                && (isListOrMap(d)));
  }

  private void annotations() {
    rule("annotation-keys", d -> in(d, "/metadata/raybridge/annotation_keys"));
    rule(
        "annotation-keys",
        d ->
            in(d, "/annotations/")
                && !d.ourDocument().at("/metadata/raybridge/annotation_keys").isMissingNode());
    rule(
        "indexed-wildcards",
        d -> d.exporter().equals("listed") && text(attribute(d)).startsWith("app.x."));
    rule(
        "annotation-count",
        d ->
            in(d, "/annotations/", "/metadata/default/")
                && d.ourDocument().path("annotations").size() >= 50);
    rule(
        "resource-annotations",
        d ->
            attribute(d) != null
                && d.path().contains("/otel.resource.")
                && d.sent().has("aws.xray.annotations"));
  }

  // What the rules ask

  private static boolean goLacks(Difference d) {
    return d.go().isMissingNode();
  }

  private static boolean oursLacks(Difference d) {
    return d.ours().isMissingNode();
  }

  private static boolean in(Difference d, String... paths) {
    for (String path : paths) if (d.path().startsWith(path)) return true;
    return false;
  }

  private static int kind(Difference d) {
    return d.sent().span().path("kind").asInt(0);
  }

  private static boolean isSubsegment(Difference d) {
    return d.ourDocument().path("type").asString("").equals("subsegment")
        || d.companion() && d.path().isEmpty();
  }

  /** Whether ours made a segment for the service above this call. */
  private static boolean isFirstCall(Difference d) {
    String parent = d.ourDocument().path("parent_id").asString("");
    return isSubsegment(d) && !parent.equals(d.sent().span().path("parentSpanId").asString(""));
  }

  private static boolean isLocalRoot(Difference d) {
    return text(d.sent().attribute("aws.span.kind")).equals("LOCAL_ROOT");
  }

  private static boolean isElsewhere(Difference d) {
    return text(d.sent().ofResource("cloud.provider")).equals("gcp");
  }

  private static boolean hasRemoteParent(Sent sent) {
    return (sent.span().path("flags").asInt(0) & 0x300) == 0x300;
  }

  private static boolean statusIsText(Sent sent) {
    for (JsonNode attribute : sent.span().path("attributes")) {
      if (attribute.path("key").asString().matches("http\\.(response\\.)?status_code"))
        return attribute.path("value").has("stringValue");
    }
    return false;
  }

  private static boolean endsEarly(Sent sent) {
    long end = Long.parseLong(sent.span().path("endTimeUnixNano").asString("0"));
    return end != 0 && end < Long.parseLong(sent.span().path("startTimeUnixNano").asString("0"));
  }

  private static boolean leavesTraces(Sent sent) {
    return sent.ofResource("aws.ecs.task.arn") != null
        || sent.ofResource("aws.ecs.container.arn") != null
        || sent.ofResource("k8s.pod.name") != null
        || sent.ofResource("k8s.cluster.name") != null;
  }

  private static boolean isNewAws(Sent sent) {
    return "aws-api".equals(sent.attribute("rpc.system.name")) && !sent.has("rpc.system");
  }

  private static boolean isQueue(Sent sent) {
    return text(sent.attribute("messaging.system")).toLowerCase().contains("sqs")
        || text(sent.attribute("rpc.service")).toUpperCase().contains("SQS");
  }

  private static boolean isOurAws(Difference d) {
    return d.ourDocument().path("namespace").asString("").equals("aws");
  }

  private static boolean isLanguage(Difference d, String... languages) {
    return Set.of(languages).contains(text(d.sent().ofResource("telemetry.sdk.language")));
  }

  /** Whether this is the attribute, or a part of one, that is no annotation by its type. */
  private static boolean isListOrMap(Difference d) {
    String key = attribute(d).replaceFirst("/.*", "");
    for (JsonNode attribute : d.sent().span().path("attributes")) {
      if (!attribute.path("key").asString().equals(key)) continue;
      return attribute.path("value").has("arrayValue")
          || attribute.path("value").has("kvlistValue");
    }
    return key.startsWith("otel.resource.");
  }

  private static boolean isId(JsonNode node) {
    return node.asString("").matches("[0-9a-f]{16}");
  }

  private static boolean isName(Difference d) {
    return d.path().equals("/name") && d.go().isString() && d.ours().isString();
  }

  /** The key of the attribute that is in this place of metadata or annotations, or null. */
  private static String attribute(Difference d) {
    for (String place : new String[] {"/metadata/default/", "/annotations/"}) {
      if (d.path().startsWith(place)) return d.path().substring(place.length());
    }
    return null;
  }

  private static boolean moved(Difference d, String... keys) {
    return attribute(d) != null && Set.of(keys).contains(attribute(d));
  }

  private static boolean isCleaned(String go, String ours) {
    String clean = go.replaceAll("[^ 0-9\\p{L}_.:/%&#=+\\\\\\-@]", "");
    return !ours.isEmpty()
        && (clean.equals(ours)
            || clean.startsWith(ours)
            || ours.startsWith(clean.substring(0, Math.max(0, clean.length() - 1)))
                && ours.length() > 90);
  }

  /** Whether Go found no better name than the span's. */
  private static boolean isSpansName(Difference d) {
    return isCleaned(d.sent().span().path("name").asString(), d.go().asString());
  }

  /** Whether Go knows only the host, the database or the RPC service of what is called. */
  private static boolean isPartOfName(Difference d) {
    String go = d.go().asString();
    return Stream.of("net.peer.name", "http.host", "db.name", "rpc.service")
        .anyMatch(key -> go.equals(d.sent().attribute(key)));
  }

  private static String withoutPort(JsonNode name) {
    return name.asString().replaceFirst(":\\d+$", "");
  }

  private static String plain(String service) {
    return service.toLowerCase().replaceAll("^(amazon|aws)|v2$|[^a-z0-9]", "");
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static BigDecimal decimal(JsonNode number) {
    return new BigDecimal(number.asString());
  }
}
