package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Holds docs/xray-translation.md to what the code does. */
class TranslationDocTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  static List<List<String>> spanAttributes() throws IOException {
    return rows("span attributes");
  }

  @ParameterizedTest
  @MethodSource("spanAttributes")
  void spanAttribute_isWhereThePageSaysItIs(List<String> row) {
    String value = quoted(row.get(2)).getFirst();
    String member = quoted(row.get(3)).getFirst();
    for (String key : quoted(row.get(0))) {
      JsonNode document = span(row.get(1)).with(key, value).document();

      assertThat(document.at(member).asString("")).as(key).contains(value);
      assertThat(document.at("/metadata/default").has(key)).as(key + " in metadata").isFalse();
    }
  }

  private static Otlp span(String sort) {
    return switch (sort) {
      case "server" -> Otlp.server();
      case "client" -> Otlp.client();
      case "aws" -> Otlp.client().with("rpc.system", "aws-api");
      case "lambda" -> Otlp.server().resource("cloud.platform", "aws_lambda");
      case "sql" -> Otlp.client().with("db.system", "mysql");
      case "http" -> Otlp.server().with("http.method", "GET");
      case "url" -> Otlp.server().with("url.path", "/").with("http.host", "x");
      default -> throw new IllegalArgumentException(sort);
    };
  }

  static List<List<String>> resourceAttributes() throws IOException {
    return rows("resource attributes");
  }

  @ParameterizedTest
  @MethodSource("resourceAttributes")
  void resourceAttribute_isWhereThePageSaysItIs(List<String> row) {
    String value = quoted(row.get(2)).getFirst();
    String member = quoted(row.get(3)).getFirst();
    for (String key : quoted(row.get(0))) {
      Otlp otlp = new Otlp().kind(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER);
      if (!row.get(1).isBlank()) otlp.resource("cloud.platform", row.get(1).strip());
      JsonNode document = otlp.resource(key, value).document();

      String expected = member.endsWith("auto_instrumentation") ? "true" : value;
      assertThat(document.at(member).asString("")).as(key).isEqualTo(expected);
      assertThat(document.at("/metadata/default").has("otel.resource." + key)).as(key).isTrue();
    }
  }

  @Test
  void everyKeyThatTheCodeReads_isOnThePage() throws IOException {
    var named = new HashSet<String>();
    Matcher matcher = QUOTED.matcher(page());
    while (matcher.find()) named.add(matcher.group(1));

    var known = new ArrayList<String>();
    for (int key = 1; key <= Keys.LAST; key++) known.add(Keys.name(key));

    assertThat(named).containsAll(known);
  }

  @Test
  void documentFieldsTable_isTheFields() throws IOException {
    var fields = new ArrayList<List<String>>();
    for (var field : DocumentField.RESOURCE.values()) fields.add(row(field, "resource"));
    for (var field : DocumentField.SPAN.values()) fields.add(row(field, "span"));
    fields.add(row(DocumentField.ACCOUNT, "subsegment"));

    assertThat(rows("document fields")).isEqualTo(fields);
  }

  private static List<String> row(DocumentField field, String where) {
    return List.of("`/" + String.join("/", field.path()) + "`", "`" + field.key() + "`", where);
  }

  @Test
  void grpcTable_isTheCodes() throws IOException {
    List<List<String>> rows = rows("grpc");

    assertThat(rows).hasSize(16);
    for (List<String> row : rows) {
      JsonNode document =
          Otlp.client().with("rpc.grpc.status_code", Integer.parseInt(row.get(0))).document();
      var flags = new ArrayList<String>();
      for (String flag : List.of("error", "throttle", "fault")) {
        if (document.has(flag)) flags.add(flag);
      }
      assertThat(String.join(" ", flags)).as(row.get(1)).isEqualTo(row.get(2));
      assertThat(Otlp.client().with("rpc.grpc.status_code", row.get(1)).document())
          .isEqualTo(withCode(document, row.get(1)));
    }
  }

  private static JsonNode withCode(JsonNode document, String code) {
    return Otlp.parse(
        document
            .toString()
            .replaceAll(
                "\"rpc.grpc.status_code\":[0-9]+", "\"rpc.grpc.status_code\":\"" + code + '"'));
  }

  @Test
  void everyDifference_isShownByCases() throws Exception {
    List<List<String>> rows = rows("differences");

    assertThat(rows).hasSizeGreaterThan(40);
    assertThat(rows.stream().map(List::getFirst)).doesNotHaveDuplicates();
    for (List<String> row : rows) {
      List<String> cases = quoted(row.get(4));
      assertThat(cases).as(row.getFirst()).isNotEmpty();
      for (String name : cases) assertThat(isTest(name)).as(name).isTrue();
    }
  }

  private static boolean isTest(String name) throws ClassNotFoundException {
    String[] parts = name.split("#");
    Class<?> type = Class.forName("io.raybridge.xray." + parts[0]);
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(parts[1]))
        .anyMatch(TranslationDocTest::isTest);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }

  @Test
  void emptyValue_isNull() {
    JsonNode document = Otlp.server().with("k", AnyValue.getDefaultInstance()).document();

    assertThat(document.at("/metadata/default/k").isNull()).isTrue();
  }

  /** The rows of the table between two markers, without its head. */
  private static List<List<String>> rows(String marker) throws IOException {
    String page = page();
    String table =
        page.substring(
            page.indexOf("<!-- " + marker + " -->"), page.indexOf("<!-- /" + marker + " -->"));
    return table
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
        .toList();
  }

  private static List<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map(result -> result.group(1)).toList();
  }

  private static String page() throws IOException {
    Path page = Path.of("../docs/xray-translation.md");
    if (!Files.exists(page)) page = Path.of("docs/xray-translation.md");
    return Files.readString(page);
  }
}
