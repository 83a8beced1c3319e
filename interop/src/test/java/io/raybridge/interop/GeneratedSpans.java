package io.raybridge.interop;

import static io.raybridge.interop.SpanJson.CLIENT;
import static io.raybridge.interop.SpanJson.CONSUMER;
import static io.raybridge.interop.SpanJson.INTERNAL;
import static io.raybridge.interop.SpanJson.PRODUCER;
import static io.raybridge.interop.SpanJson.SERVER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Spans as instrumentation of all generations might send them, drawn at random from a fixed seed:
 * of each family a number, each with some of the attributes that its conventions name, under all
 * kinds of resources and parents.
 */
final class GeneratedSpans {
  private static final int EACH = 30;

  private final Random random = new Random(20_261_128);
  private final List<SpanJson> spans = new ArrayList<>();
  private SpanJson span;

  static List<SpanJson> all() throws IOException {
    var generated = new GeneratedSpans();
    generated.families();
    return generated.spans;
  }

  /** A request that ends the Go collector's connection: a LOCAL_ROOT call from outside of AWS. */
  static String thatGoPanicsAt() {
    var span = new SpanJson("7".repeat(32), "7".repeat(16), "call", CLIENT);
    span.resource("cloud.provider", "gcp").with("aws.span.kind", "LOCAL_ROOT");
    return SpanJson.request(List.of(span));
  }

  private void families() throws IOException {
    for (int i = 0; i < EACH; i++) {
      httpServer();
      httpClient();
      database();
      grpc();
      messaging();
      awsSdk();
      awsQueue();
      genAi();
      adot();
      exception();
      resources();
      indexing();
    }
    for (int i = 0; i < EACH; i++) oddity(i);
  }

  // Drawing

  private boolean maybe(int percent) {
    return random.nextInt(100) < percent;
  }

  @SafeVarargs
  private <T> T one(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String hex(int digits) {
    var text = new StringBuilder();
    while (text.length() < digits) text.append(Character.forDigit(1 + random.nextInt(15), 16));
    return text.toString();
  }

  private void start(String name, int kind) {
    span = new SpanJson("6ab" + hex(29), hex(16), name, kind);
    spans.add(span);
    span.resource("service.name", one("shop", "orders", "stock keeper"));
    if (maybe(50)) span.resource("telemetry.sdk.name", "opentelemetry");
    if (maybe(20)) span.scope("io.shop.instrumentation", "1.2");
    int parent = random.nextInt(10);
    if (kind == SERVER ? parent < 4 : parent < 8) span.parent(hex(16));
    if (maybe(15)) span.flags(one(0x101, 0x301));
  }

  /** One of some keys that say the same, or all of them. */
  private void same(int percent, Object value, String... keys) {
    if (!maybe(percent)) return;
    if (maybe(15)) for (String key : keys) span.with(key, value);
    else span.with(one(keys), value);
  }

  private void some(int percent, String key, Object... values) {
    if (maybe(percent)) span.with(key, one(values));
  }

  // Families

  private void httpServer() {
    start(one("GET /orders/{id}", "POST", "HTTP GET", "/"), SERVER);
    same(95, one("GET", "POST", "DELETE"), "http.method", "http.request.method");
    same(
        85,
        one(200, 204, 301, 400, 404, 429, 499, 500, 503, 599),
        "http.status_code",
        "http.response.status_code");
    same(60, one("http", "https"), "http.scheme", "url.scheme");
    if (maybe(50)) span.with("http.target", one("/orders/7?full=true", "/", "/a b"));
    else {
      some(80, "url.path", "/orders/7", "/");
      some(30, "url.query", "full=true", "a=1&b=2");
    }
    some(40, "http.host", "shop.example", "shop.example:8443");
    some(15, "http.server_name", "shop.server");
    same(40, one("10.0.0.1", "shop.example"), "net.host.name", "server.address");
    same(40, one(80, 443, 8080), "net.host.port", "server.port");
    some(50, "http.route", "/orders/{id}");
    some(20, "http.url", "https://shop.example/orders/7?full=true");
    same(50, "curl/8.5.0", "http.user_agent", "user_agent.original");
    some(25, "http.client_ip", "203.0.113.9");
    some(25, "client.address", "203.0.113.9", "10.1.1.1", "client.example");
    same(40, one("10.1.1.1", "::1"), "net.peer.ip", "net.sock.peer.addr", "network.peer.address");
    some(20, "net.peer.port", 51234);
    some(20, "http.response.body.size", 512);
    some(10, "http.response_content_length", 77);
    some(15, "http.request.header.x", List.of("a", "b"));
    if (maybe(10)) {
      span.event(
          "message",
          Map.of("message.type", "RECEIVED", "messaging.message_payload_size_bytes", 452));
    }
    if (maybe(15)) span.error(one("", "it broke"));
    some(10, "http.status_text", "Not today");
    some(20, "enduser.id", "ann");
    some(10, "peer.service", "proxy");
  }

  private void httpClient() {
    start(one("GET", "HTTP GET", "POST /pay"), CLIENT);
    same(95, one("GET", "PUT"), "http.method", "http.request.method");
    same(80, one(200, 302, 404, 429, 502), "http.status_code", "http.response.status_code");
    if (maybe(60))
      same(
          100,
          one(
              "https://pay.example/charge?card=1",
              "http://pay.example:9090/x",
              "https://u:geheim@pay.example/?password=geheim"),
          "http.url",
          "url.full");
    else {
      some(70, "http.scheme", "https", "http");
      some(60, "http.target", "/charge?card=1", "charge");
      some(30, "http.host", "pay.example:443", "pay.example");
    }
    same(50, "pay.example", "net.peer.name", "server.address");
    same(50, one(80, 443, 9090), "net.peer.port", "server.port");
    same(30, "198.51.100.7", "net.peer.ip", "network.peer.address", "net.sock.peer.addr");
    some(20, "http.request.resend_count", 2);
    some(10, "peer.service", "payment");
    some(20, "error.type", "404", "java.io.IOException");
    some(10, "net.transport", "ip_tcp");
    if (maybe(25)) span.error(one("", "Not Found"));
  }

  private void database() {
    start(one("SELECT shop.orders", "insert orders", "GET", "PING"), CLIENT);
    String system =
        one(
            "postgresql",
            "mysql",
            "mariadb",
            "mssql",
            "oracle",
            "h2",
            "sqlite",
            "redis",
            "mongodb",
            "microsoft.sql_server",
            "oracle.db",
            "other_sql",
            "cockroachdb",
            "db2");
    same(95, system, "db.system", "db.system.name");
    same(70, one("shop", "0", "shop|public"), "db.name", "db.namespace");
    same(
        80,
        one(
            "SELECT * FROM orders WHERE id = 7 AND name = 'ann'",
            "INSERT INTO a VALUES (1)",
            "PING"),
        "db.statement",
        "db.query.text");
    some(
        30,
        "db.connection_string",
        "mysql://db.example:3306",
        "jdbc:postgresql://db.example/shop",
        "Server=db;Database=shop;User Id=sa;Password=geheim",
        "mysql://u:geheim@db.example/shop");
    some(40, "db.user", "shop_rw");
    same(60, "db.example", "net.peer.name", "server.address");
    same(50, one(5432, 3306, 6379), "net.peer.port", "server.port");
    some(20, "network.peer.address", "10.2.2.2");
    same(40, "SELECT", "db.operation", "db.operation.name");
    same(30, "orders", "db.sql.table", "db.collection.name");
    if (maybe(15)) span.error("duplicate key");
  }

  private void grpc() {
    start("shop.Payment/Charge", one(CLIENT, SERVER));
    same(100, "grpc", "rpc.system", "rpc.system.name");
    some(70, "rpc.service", "shop.Payment");
    span.with("rpc.method", one("Charge", "shop.Payment/Charge"));
    if (maybe(80)) {
      span.with(
          "rpc.grpc.status_code", one(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
    } else {
      some(60, "rpc.response.status_code", "OK", "RESOURCE_EXHAUSTED", "INTERNAL");
    }
    same(70, "payment.shop", "net.peer.name", "server.address");
    same(60, 50051, "net.peer.port", "server.port", "net.host.port");
    some(20, "network.peer.address", "10.3.3.3");
    some(20, "client.address", "10.3.3.4");
    if (maybe(30)) span.error(one("", "no answer"));
    if (maybe(30)) span.event("message", Map.of("message.type", "SENT", "message.id", 1));
  }

  private void messaging() {
    String system = one("kafka", "rabbitmq", "activemq");
    start(
        one("orders publish", "orders process", "orders receive"),
        one(PRODUCER, CONSUMER, CONSUMER));
    span.with("messaging.system", system);
    same(90, "orders", "messaging.destination.name", "messaging.destination");
    some(20, "messaging.source.name", "orders");
    same(
        80,
        one("process", "receive", "publish"),
        "messaging.operation",
        "messaging.operation.type");
    some(30, "messaging.kafka.message.key", "k");
    same(50, "broker.shop", "net.peer.name", "server.address");
    same(30, 9092, "net.peer.port", "server.port");
    if (maybe(40)) span.link(hex(32), hex(16), Map.of("messaging.batch", 1));
    if (maybe(15)) span.error("broker is gone");
  }

  private void awsSdk() {
    String service =
        one("DynamoDb", "S3", "SNS", "Kinesis", "AmazonDynamoDBv2", "Lambda", "SecretsManager");
    String operation = one("PutItem", "GetObject", "Publish");
    start(maybe(70) ? service + "." + operation : operation, CLIENT);
    boolean java = maybe(20);
    same(java ? 0 : 100, "aws-api", "rpc.system", "rpc.system.name");
    if (java) span.with("rpc.system.name", "aws-api");
    some(java ? 0 : 80, "rpc.service", service);
    some(java ? 0 : 80, "rpc.method", operation);
    some(30, "aws.service", service);
    some(30, "aws.operation", operation);
    same(50, "eu-west-1", "aws.region", "cloud.region");
    same(60, "REQ7", "aws.request_id", "aws.requestId", "aws.request.id");
    some(10, "aws.account_id", "123456789012");
    some(10, "aws.extended_request_id", "ext/id");
    if (service.contains("Dynamo")) {
      if (maybe(60))
        span.with("aws.dynamodb.table_names", maybe(70) ? List.of("orders") : List.of("a", "b"));
      else same(80, "orders", "aws.table_name", "aws.table.name");
    } else {
      same(40, "bucket-a", "aws.s3.bucket", "aws.bucket.name");
      some(20, "aws.s3.key", "a/b.json");
      some(20, "aws.sns.topic.arn", "arn:aws:sns:eu-west-1:1:topic");
      same(20, "stream", "aws.kinesis.stream_name", "aws.stream.name");
      some(20, "faas.invoked_name", "resize");
      some(10, "aws.secretsmanager.secret.arn", "arn:aws:secretsmanager:eu-west-1:1:secret:x");
      some(10, "aws.step_functions.state_machine.arn", "arn:aws:states:eu-west-1:1:stateMachine:x");
    }
    same(60, one(200, 400, 500), "http.status_code", "http.response.status_code");
    some(20, "http.request.resend_count", 3);
    some(15, "cloud.provider", "aws");
    if (maybe(35)) {
      span.error("it failed");
      if (maybe(70)) {
        span.event(
            "exception",
            Map.of(
                "exception.type",
                one(
                    "ProvisionedThroughputExceededException",
                    "software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException",
                    "botocore.exceptions.ClientError",
                    "ResourceNotFoundException"),
                "exception.message",
                one(
                    "An error occurred (ThrottlingException) when calling the PutItem operation: slow down",
                    "it is gone (Service: DynamoDb, Status Code: 400, Request ID: 7)")));
      }
      some(30, "error.type", "ThrottlingException", "500");
    }
    if (maybe(10)) {
      span.event(
          "HTTP request failure",
          Map.of("http.response.status_code", 503, "aws.http.error_message", "Slow down"));
    }
  }

  private void awsQueue() {
    String url = "https://sqs.eu-west-1.amazonaws.com/123456789012/shipping";
    start(
        one("shipping publish", "SQS.SendMessage", "shipping receive"),
        one(PRODUCER, CONSUMER, CLIENT));
    some(50, "rpc.system", "aws-api");
    some(50, "rpc.service", "SQS", "AmazonSQS");
    some(50, "rpc.method", "SendMessage", "ReceiveMessage");
    some(80, "messaging.system", "aws_sqs", "AmazonSQS", "aws.sqs");
    some(60, "messaging.destination.name", "shipping");
    some(40, "messaging.operation", "publish", "receive", "process");
    switch (random.nextInt(6)) {
      case 0 -> span.with("messaging.url", url);
      case 1 -> span.with("aws.queue_url", url);
      case 2 -> span.with("aws.queue.url", url);
      case 3 -> span.with("aws.sqs.queue.url", url);
      case 4 -> span.with("server.address", url);
      default -> span.with("url.full", url);
    }
    if (maybe(20)) span.link(hex(32), hex(16), Map.of());
  }

  private void genAi() {
    start(one("chat gpt-9", "invoke_agent shop", "embeddings"), one(CLIENT, INTERNAL));
    same(90, one("openai", "aws.bedrock", "anthropic"), "gen_ai.system", "gen_ai.provider.name");
    some(90, "gen_ai.operation.name", "chat", "embeddings");
    some(90, "gen_ai.request.model", "gpt-9");
    some(60, "gen_ai.usage.input_tokens", 311);
    some(60, "gen_ai.request.temperature", 0.7);
    some(60, "gen_ai.response.finish_reasons", List.of("stop"));
    some(60, "server.address", "api.openai.com");
    some(30, "server.port", 443);
    if (maybe(30)) span.event("gen_ai.user.message", Map.of("content", "Hello"));
  }

  /** What the ADOT SDKs add for Application Signals. */
  private void adot() {
    int kind = one(SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL);
    start("GET /adot", kind);
    some(70, "aws.span.kind", "LOCAL_ROOT", kind == SERVER ? "LOCAL_ROOT" : "CLIENT");
    some(90, "aws.local.service", "adot-shop");
    some(90, "aws.local.operation", "GET /adot");
    if (kind != SERVER && kind != INTERNAL) {
      some(
          80,
          "aws.remote.service",
          "AWS::DynamoDB",
          "AWS.SDK.DynamoDB",
          "payment",
          "postgresql",
          "kafka");
      some(80, "aws.remote.operation", "PutItem");
      some(20, "remoteTarget", "orders");
      some(10, "K8s.RemoteNamespace", "prod");
      some(40, "rpc.system", "aws-api");
      some(20, "db.system", "postgresql");
      some(20, "messaging.system", "kafka");
      some(30, "messaging.destination.name", "orders");
      some(30, "http.method", "GET");
      some(30, "http.url", "https://pay.example/x");
      some(20, "aws.operation", "PutItem");
      some(20, "aws.table_name", "orders");
    }
    some(30, "app.tenant", "blue");
    if (maybe(30)) span.link(hex(32), hex(16), Map.of("a", "b"));
    if (maybe(20)) span.error("it broke");
    if (maybe(20)) span.event("exception", Map.of("exception.type", "E", "exception.message", "m"));
  }

  private void exception() throws IOException {
    String language =
        one(
            "java",
            "python",
            "javascript",
            "nodejs",
            "webjs",
            "dotnet",
            "go",
            "php",
            "ruby",
            "rust");
    start("work", one(INTERNAL, CLIENT, SERVER));
    span.resource("telemetry.sdk.language", language);
    var attributes = new TreeMap<String, Object>();
    attributes.put("exception.type", "shop.ShopError");
    attributes.put("exception.message", "broken");
    if (maybe(90)) attributes.put("exception.stacktrace", trace(language));
    if (maybe(20)) attributes.put("exception.escaped", "true");
    if (maybe(15)) attributes.put("shop.detail", 7);
    span.event("exception", attributes);
    if (maybe(20))
      span.event("exception", Map.of("exception.type", "Again", "exception.message", "and again"));
    if (maybe(30)) span.event("retry", Map.of("attempt", 2));
    if (maybe(60)) span.error(one("", "broken"));
  }

  private static String trace(String language) throws IOException {
    String file = language.equals("nodejs") || language.equals("webjs") ? "javascript" : language;
    return Files.readString(Path.of("src/test/resources/traces", file + ".txt"));
  }

  private void resources() {
    start("work", one(SERVER, SERVER, INTERNAL, CLIENT));
    String platform =
        one(
            "aws_ecs",
            "aws_eks",
            "aws_ec2",
            "aws_lambda",
            "aws_elastic_beanstalk",
            "aws_app_runner",
            "gcp_compute_engine",
            "");
    if (maybe(80)) span.resource("cloud.provider", platform.startsWith("gcp") ? "gcp" : "aws");
    if (!platform.isEmpty()) span.resource("cloud.platform", platform);
    if (maybe(50)) span.resource("cloud.account.id", "123456789012");
    if (maybe(50)) span.resource("cloud.region", "eu-west-1");
    if (maybe(50)) span.resource("cloud.availability_zone", "eu-west-1a");
    if (maybe(50)) span.resource("host.id", one("i-0123456789abcdef0", "7f3a-machine-id"));
    if (maybe(40)) span.resource("host.type", "m6i.large");
    if (maybe(30)) span.resource("host.image.id", "ami-1");
    if (maybe(50)) span.resource("container.name", "shop");
    if (maybe(50)) span.resource("container.id", "c0ffee");
    if (maybe(30)) span.resource("k8s.cluster.name", "prod");
    if (maybe(30)) span.resource("k8s.pod.name", "shop-7");
    if (maybe(30)) span.resource("aws.ecs.task.arn", "arn:aws:ecs:eu-west-1:1:task/x");
    if (maybe(30)) span.resource("aws.ecs.task.family", "shop");
    if (maybe(30)) span.resource("aws.ecs.cluster.arn", "arn:aws:ecs:eu-west-1:1:cluster/x");
    if (maybe(20)) span.resource("aws.ecs.container.arn", "arn:aws:ecs:eu-west-1:1:container/x");
    if (maybe(40)) span.resource("aws.ecs.launchtype", one("ec2", "fargate"));
    if (maybe(30)) span.resource("service.namespace", "shop-env");
    if (maybe(30)) span.resource("service.instance.id", one("32", "abc"));
    if (maybe(40)) span.resource("service.version", "1.4");
    else if (maybe(40)) span.resource("container.image.tag", "v9");
    else if (maybe(40)) span.resource("container.image.tags", List.of("v8", "latest"));
    if (maybe(30)) span.resource("cloud.resource_id", "arn:aws:lambda:eu-west-1:1:function:x");
    if (maybe(20)) span.resource("faas.name", "x");
    if (maybe(30)) span.resource("aws.log.group.names", one("/a", List.of("/a", "/b"), "/a&/b"));
    if (maybe(30))
      span.resource("aws.log.group.arns", List.of("arn:aws:logs:eu-west-1:1:log-group:/app/x"));
    if (maybe(50)) span.resource("telemetry.sdk.language", "java");
    if (maybe(50)) span.resource("telemetry.sdk.version", "1.50.0");
    if (maybe(20)) span.resource("telemetry.auto.version", "2.1");
    if (maybe(20)) span.resource("telemetry.distro.version", "2.2");
    if (maybe(50)) span.resource("process.pid", 17);
    if (maybe(30)) span.resource("process.command_args", List.of("a", "b"));
    if (platform.startsWith("gcp")) some(50, "aws.operation", "PutItem");
  }

  private void indexing() {
    start("work", one(SERVER, INTERNAL));
    some(60, "app.tenant", "blue", 7, true, 1.5);
    some(40, "app.x.one", "1");
    some(40, "a-b", "dash");
    some(40, "a_b", "underscore");
    some(40, "a.b", "dot");
    some(30, "http.route", "/orders/{id}");
    some(30, "list", List.of("x", 2, false));
    some(30, "map", Map.of("k", "v"));
    if (maybe(40))
      span.with(
          "aws.xray.annotations", List.of("app.tenant", "a-b", "otel.resource.team", "absent"));
    some(30, "aws.xray.metadata.shop", "{\"cart\": {\"items\": [1, 2]}}", "no json");
    some(15, "aws.xray.metadata.Default", "{\"merged\": true}");
    if (maybe(50)) span.resource("team", "carts");
    if (maybe(40)) span.resource("deployment.environment", "prod");
    some(20, "enduser.id", "ann");
    some(20, "empty", "");
  }

  /** What is rare, and each once or twice. */
  private void oddity(int which) {
    start("odd", one(SERVER, INTERNAL));
    switch (which % 16) {
      case 0 -> span.with("share", Double.NaN);
      case 1 -> span.times(SpanJson.START, 0);
      case 2 -> span.times(SpanJson.START, SpanJson.START - 1_000_000);
      case 3 -> span.span.put("name", "GET $" + "é".repeat(150) + "?");
      case 4 -> span.with("large", "x".repeat(80_000));
      case 5 -> {
        for (int i = 0; i < 24; i++) span.link(hex(32), hex(16), Map.of());
      }
      case 6 -> span.link("0".repeat(32), hex(16), Map.of()).link(hex(32), hex(16), Map.of());
      case 7 -> {
        for (int i = 0; i < 60; i++) span.with("app.x." + i, i);
      }
      case 8 -> span.span.put("traceState", "vendor=1");
      case 9 -> span.with("aws.xray.inprogress", true);
      case 10 -> span.span.put("traceId", "00000001" + hex(24));
      case 11 -> span.with("nested", Map.of("a", List.of(Map.of("b", 1.25), "c"), "d", true));
      case 12 -> span.with("big", Long.MAX_VALUE).with("small", -0.000001).with("round", 3.0);
      case 13 ->
          span.span.withArray("/attributes").addObject().put("key", "nothing").putObject("value");
      case 14 -> span.with("http.method", "GET").with("http.status_code", "404");
      default -> span.with("text", "tab\t quote\" line\n é 😀 \u0001 </script>").with("", "no key");
    }
  }
}
