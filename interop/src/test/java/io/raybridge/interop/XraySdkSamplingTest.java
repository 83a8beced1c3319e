package io.raybridge.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.interop.SamplingCases.Quirk;
import io.raybridge.interop.SamplingCases.Request;
import io.raybridge.interop.SamplingCases.Rule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * X-Ray's SDKs for Java, Python and Node and our processor are asked about the same 1,000 requests.
 * Ours goes by the specification, and so do the SDKs but for what docs/sampling.md lists.
 *
 * <p>Which rule decided shows in five rounds: in the n-th, a rule samples when bit n of its number
 * is set.
 */
@Timeout(600)
class XraySdkSamplingTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int ROUNDS = 5;
  private static final List<Request> REQUESTS = SamplingCases.requests(1000, 7);
  private static final List<Rule> LOCAL = SamplingCases.localRules();
  private static final List<Rule> CENTRAL = SamplingCases.centralRules();
  private static final Map<String, String> PLATFORMS =
      Map.of(
          "AWS::EC2::Instance", "aws_ec2",
          "AWS::ECS::Container", "aws_ecs",
          "AWS::EKS::Container", "aws_eks",
          "AWS::ElasticBeanstalk::Environment", "aws_elastic_beanstalk",
          "AWS::Lambda::Function", "aws_lambda");

  /** Who is asked. */
  enum Sdk {
    JAVA(Set.of(), Set.of(Quirk.ATTRIBUTES_SKIPPED, Quirk.ARN_SKIPPED)),
    PYTHON(
        Set.of(Quirk.ABSENT_MATCHES),
        Set.of(Quirk.ABSENT_MATCHES, Quirk.ATTRIBUTES_SKIPPED, Quirk.ARN_SKIPPED)),
    NODE(
        Set.of(Quirk.ABSENT_MATCHES, Quirk.NO_HOST_MATCHES),
        Set.of(
            Quirk.ABSENT_MATCHES,
            Quirk.ATTRIBUTES_SKIPPED,
            Quirk.ARN_SKIPPED,
            Quirk.PRIORITY_0_SKIPPED));

    private final Set<Quirk> local;
    private final Set<Quirk> central;

    Sdk(Set<Quirk> local, Set<Quirk> central) {
      this.local = local;
      this.central = central;
    }
  }

  @TempDir static Path directory;

  @BeforeAll
  static void everyRule_isForSomeRequests() {
    for (var rules : List.of(LOCAL, CENTRAL)) {
      var used = new TreeSet<>(answers(rules, Set.of()));
      var names = rules.stream().map(Rule::name).collect(Collectors.toCollection(TreeSet::new));
      names.add(SamplingCases.DEFAULT);
      assertThat(used).isEqualTo(names);
    }
  }

  private static List<String> answers(List<Rule> rules, Set<Quirk> quirks) {
    return REQUESTS.stream().map(request -> SamplingCases.rule(rules, request, quirks)).toList();
  }

  @Test
  void ours_goesByTheSpecification() throws Exception {
    var sets = new LinkedHashMap<String, Path>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int version : List.of(1, 2)) {
        sets.put("v" + version + "_" + round, written(localRules(version, round)));
      }
      sets.put("api_" + round, written(centralRules(round)));
    }
    var kept = kept(sets);

    assertThat(names(LOCAL, "v1_", kept)).isEqualTo(answers(LOCAL, Set.of()));
    assertThat(names(LOCAL, "v2_", kept)).isEqualTo(answers(LOCAL, Set.of()));
    assertThat(names(CENTRAL, "api_", kept)).isEqualTo(answers(CENTRAL, Set.of()));
  }

  @ParameterizedTest
  @EnumSource
  void sdkWithLocalRules_differsOnlyAsIsListed(Sdk sdk) throws Exception {
    for (int version : List.of(1, 2)) {
      check(LOCAL, names(LOCAL, local(sdk, version)), sdk.local);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sdkWithRulesFromAwsproxy_differsOnlyAsIsListed(Sdk sdk) throws Exception {
    int port = Collector.freePort();
    var rules = written(centralRules(-1));
    var config =
        """
        receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
        exporters: {nop: {}}
        extensions: {awsproxy: {endpoint: "127.0.0.1:%d", rules: {files: ["%s"]}}}
        service:
          extensions: [awsproxy]
          telemetry: {metrics: {level: none}}
          pipelines: {traces: {receivers: [otlp], exporters: [nop]}}
        """
            .formatted(Collector.freePort(), port, rules);
    try (var _ = raybridge("proxy-" + sdk, config)) {
      check(CENTRAL, central(sdk, port), sdk.central);
    }
  }

  /** The processor and the daemon's port by one list, as docs/sampling.md has it. */
  @ParameterizedTest
  @EnumSource
  void sdkWithRulesFromTheReceiver_differsOnlyAsIsListed(Sdk sdk) throws Exception {
    int port = Collector.freePort();
    var config =
        """
        processors: {xray_sampling: {rules: &rules {files: ["%s"]}}}
        receivers:
          awsxray:
            endpoint: "127.0.0.1:%d"
            proxy_server: {endpoint: "127.0.0.1:%d", rules: *rules}
        exporters: {nop: {}}
        service:
          telemetry: {metrics: {level: none}}
          pipelines: {traces: {receivers: [awsxray], processors: [xray_sampling], exporters: [nop]}}
        """
            .formatted(written(centralRules(-1)), port, port);
    try (var _ = raybridge("receiver-" + sdk, config)) {
      check(CENTRAL, central(sdk, port), sdk.central);
    }
  }

  /** A listed difference without which the answers are the same is none. */
  private static void check(List<Rule> rules, List<String> answered, Set<Quirk> quirks) {
    var unlisted = new ArrayList<String>();
    var expected = answers(rules, quirks);
    for (int i = 0; i < REQUESTS.size(); i++) {
      if (expected.get(i).equals(answered.get(i))) continue;
      unlisted.add(REQUESTS.get(i) + ": " + answered.get(i) + ", not " + expected.get(i));
    }
    assertThat(unlisted.stream().limit(10)).isEmpty();
    for (var quirk : quirks) {
      var others = new HashSet<>(quirks);
      others.remove(quirk);
      assertThat(answered).as(quirk.row).isNotEqualTo(answers(rules, others));
    }
  }

  @ParameterizedTest
  @CsvSource({"PYTHON", "NODE"})
  void sdkThatReportsRequests_getsItsPartOfTheReservoir(Sdk sdk) throws Exception {
    int port = Collector.freePort();
    var config =
        """
        receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
        exporters: {nop: {}}
        extensions:
          awsproxy:
            endpoint: "127.0.0.1:%d"
            rules: {inline: [{name: quota, priority: 1, host: shop, fixed_rate: 0, reservoir_size: 7}]}
        service:
          extensions: [awsproxy]
          telemetry: {metrics: {level: none}}
          pipelines: {traces: {receivers: [otlp], exporters: [nop]}}
        """
            .formatted(Collector.freePort(), port);
    try (var _ = raybridge("quota-" + sdk, config)) {
      assertThat(run(sdk, port, "quota", "quota", "shop")).isEqualTo("7");
    }
  }

  @Test
  void everyDifference_isARowOfThePage() throws IOException {
    var page = Files.readString(Path.of("../docs/sampling.md"));
    var table =
        page.substring(page.indexOf("<!-- differences -->"), page.indexOf("<!-- /differences -->"));
    var rows =
        Pattern.compile("^\\| `([^`]+)` \\| ([^|]+) \\|", Pattern.MULTILINE)
            .matcher(table)
            .results()
            .map(row -> row.group(1) + ": " + row.group(2))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            EnumSet.allOf(Quirk.class).stream().map(XraySdkSamplingTest::row).toList());
  }

  private static String row(Quirk quirk) {
    var who = new ArrayList<String>();
    for (var sdk : Sdk.values()) {
      boolean local = sdk.local.contains(quirk);
      boolean central = sdk.central.contains(quirk);
      if (!local && !central) continue;
      var name = sdk.name().charAt(0) + sdk.name().substring(1).toLowerCase(java.util.Locale.ROOT);
      who.add(name + (local && central ? "" : local ? " (local rules)" : " (served rules)"));
    }
    return quirk.row + ": " + String.join(", ", who);
  }

  private static List<List<Boolean>> local(Sdk sdk, int version) throws Exception {
    var rounds = new ArrayList<Map<String, Object>>();
    for (int round = 0; round < ROUNDS; round++) rounds.add(localRules(version, round));
    if (sdk == Sdk.JAVA) {
      var answers = new ArrayList<List<Boolean>>();
      for (var rules : rounds) answers.add(XrayJavaSampler.local(written(rules), REQUESTS));
      return answers;
    }
    var answers = new ArrayList<List<Boolean>>();
    for (var round : JSON.readTree(run(sdk, 0, "local", cases(rounds).toString()))) {
      var one = new ArrayList<Boolean>();
      for (var answer : round) one.add(answer.asBoolean());
      answers.add(one);
    }
    return answers;
  }

  private static List<String> central(Sdk sdk, int port) throws Exception {
    if (sdk == Sdk.JAVA) return XrayJavaSampler.central(port, REQUESTS);
    var names = new ArrayList<String>();
    for (var name : JSON.readTree(run(sdk, port, "central", cases(List.of()).toString()))) {
      names.add(name.asString());
    }
    return names;
  }

  private static Path cases(List<Map<String, Object>> local) throws IOException {
    var requests = REQUESTS.stream().map(Request::fields).toList();
    return written(Map.of("local", local, "requests", requests));
  }

  private static String run(Sdk sdk, int port, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    switch (sdk) {
      case PYTHON -> command.addAll(List.of("target/python/bin/python", "python/sample.py"));
      case NODE -> command.addAll(List.of("node", "node/sample.mjs"));
      case JAVA -> throw new IllegalArgumentException("runs in here");
    }
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:" + port);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("exit code of %s: %s", command, output).isZero();
    return output.strip();
  }

  /** Names by the bits in which rules are numbered. */
  private static List<String> names(List<Rule> rules, List<List<Boolean>> rounds) {
    var names = new ArrayList<String>();
    for (int i = 0; i < REQUESTS.size(); i++) {
      int number = 0;
      for (int round = 0; round < ROUNDS; round++) {
        if (rounds.get(round).get(i)) number |= 1 << round;
      }
      names.add(
          number == 0
              ? SamplingCases.DEFAULT
              : number <= rules.size() ? rules.get(number - 1).name() : "rule " + number);
    }
    return names;
  }

  private static List<String> names(
      List<Rule> rules, String prefix, Map<String, List<Boolean>> kept) {
    var rounds = new ArrayList<List<Boolean>>();
    for (int round = 0; round < ROUNDS; round++) {
      rounds.add(kept.getOrDefault(prefix + round, List.of()));
    }
    return names(rules, rounds);
  }

  private static boolean samples(int number, int round) {
    return round < 0 || (number >> round & 1) != 0;
  }

  /** A file of local rules. What samples does so by its rate or by its reservoir. */
  private static Map<String, Object> localRules(int version, int round) {
    var rules = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < LOCAL.size(); i++) {
      var rule = LOCAL.get(i);
      boolean samples = samples(i + 1, round);
      rules.add(
          Map.of(
              version == 1 ? "service_name" : "host",
              rule.host(),
              "http_method",
              rule.method(),
              "url_path",
              rule.path(),
              "fixed_target",
              samples && i % 2 == 0 ? 100_000 : 0,
              "rate",
              samples && i % 2 == 1 ? 1 : 0));
    }
    return Map.of(
        "version", version, "rules", rules, "default", Map.of("fixed_target", 0, "rate", 0));
  }

  /** X-Ray's answer to GetSamplingRules. */
  private static Map<String, Object> centralRules(int round) {
    var records = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < CENTRAL.size(); i++) {
      records.add(record(CENTRAL.get(i), samples(i + 1, round)));
    }
    var otherwise = new Rule(SamplingCases.DEFAULT, 10_000, "*", "*", "*", "*", "*", "*", Map.of());
    records.add(record(otherwise, round < 0));
    return Map.of("SamplingRuleRecords", records);
  }

  private static Map<String, Object> record(Rule rule, boolean samples) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("RuleName", rule.name());
    fields.put("Priority", rule.priority());
    fields.put("FixedRate", samples ? 1 : 0);
    fields.put("ReservoirSize", 0);
    fields.put("ServiceName", rule.service());
    fields.put("ServiceType", rule.serviceType());
    fields.put("Host", rule.host());
    fields.put("HTTPMethod", rule.method());
    fields.put("URLPath", rule.path());
    fields.put("ResourceARN", rule.arn());
    fields.put("Version", 1);
    fields.put("Attributes", rule.attributes());
    return Map.of("SamplingRule", fields);
  }

  private static Path written(Map<String, ?> json) throws IOException {
    var file = Files.createTempFile(directory, "x", ".json");
    return Files.writeString(file, JSON.writeValueAsString(json));
  }

  /** Sends all requests as spans through a processor of each set; says which of them it keeps. */
  private static Map<String, List<Boolean>> kept(Map<String, Path> sets) throws Exception {
    int port = Collector.freePort();
    var processors = new StringBuilder();
    var exporters = new StringBuilder();
    var pipelines = new StringBuilder();
    sets.forEach((name, file) -> {
      processors.append("  xray_sampling/%s: {rules: {files: [\"%s\"]}}\n".formatted(name, file));
      exporters.append(
          "  file/%s: {path: \"%s\"}\n".formatted(name, directory.resolve(name + ".out")));
      pipelines.append(
          "    traces/%s: {receivers: [otlp], processors: [xray_sampling/%s], exporters: [file/%s]}\n"
              .formatted(name, name, name));
    });
    var config =
        """
        receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
        processors:
        %sexporters:
        %sservice:
          telemetry: {metrics: {level: none}}
          pipelines:
        %s\
        """
            .formatted(port, processors, exporters, pipelines);
    try (var collector = raybridge("ours", config)) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(spans()))
              .build();
      var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(collector.stop()).as(collector.log()).isZero();
    }
    var kept = new LinkedHashMap<String, List<Boolean>>();
    for (var name : sets.keySet()) {
      var names = new TreeSet<String>();
      for (var line : Files.readAllLines(directory.resolve(name + ".out"))) {
        for (JsonNode span : JSON.readTree(line).findValues("spans")) {
          for (JsonNode each : span) names.add(each.path("name").asString());
        }
      }
      var all = new ArrayList<Boolean>();
      for (int i = 0; i < REQUESTS.size(); i++) all.add(names.contains("request " + i));
      kept.put(name, all);
    }
    return kept;
  }

  private static Collector raybridge(String name, String config) throws Exception {
    var file = Files.writeString(directory.resolve(name + ".yaml"), config);
    return new Collector(
        directory.resolve(name + ".log"),
        Raybridge.READY,
        Map.of("RAYBRIDGE_DATA_DIR", directory.resolve("data").toString()),
        Raybridge.LAUNCHER,
        "run",
        "--config",
        file.toString());
  }

  /** Each request as a root span of its own resource, in OTLP/JSON. */
  private static String spans() {
    var resources = new ArrayList<Map<String, Object>>();
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    for (int i = 0; i < REQUESTS.size(); i++) {
      var request = REQUESTS.get(i);
      var resource = new LinkedHashMap<String, String>();
      if (request.service() != null) resource.put("service.name", request.service());
      if (request.serviceType() != null) {
        resource.put("cloud.platform", PLATFORMS.getOrDefault(request.serviceType(), ""));
      }
      if (request.arn() != null) resource.put("aws.ecs.container.arn", request.arn());
      var span = new LinkedHashMap<String, String>();
      if (request.host() != null) span.put("server.address", request.host());
      if (request.method() != null) span.put("http.request.method", request.method());
      if (request.path() != null) span.put("url.path", request.path());
      if (request.tier() != null) span.put("tier", request.tier());
      resources.add(
          Map.of(
              "resource",
              Map.of("attributes", attributes(resource)),
              "scopeSpans",
              List.of(
                  Map.of(
                      "spans",
                      List.of(
                          Map.of(
                              "traceId",
                              "%032x".formatted(i + 1),
                              "spanId",
                              "%016x".formatted(i + 1),
                              "name",
                              "request " + i,
                              "kind",
                              2,
                              "startTimeUnixNano",
                              Long.toString(now),
                              "endTimeUnixNano",
                              Long.toString(now + 1_000_000),
                              "attributes",
                              attributes(span)))))));
    }
    return JSON.writeValueAsString(Map.of("resourceSpans", resources));
  }

  private static List<Map<String, Object>> attributes(Map<String, String> values) {
    return values.entrySet().stream()
        .map(each ->
            Map.<String, Object>of(
                "key", each.getKey(), "value", Map.of("stringValue", each.getValue())))
        .toList();
  }
}
