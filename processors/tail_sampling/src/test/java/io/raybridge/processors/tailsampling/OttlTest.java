package io.raybridge.processors.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.config.Binder;
import io.raybridge.data.Event;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.testkit.Otlp;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OttlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes[\"user\"] == \"ann\"",
        "span.attributes[\"user\"] != \"bob\"",
        "resource.attributes[\"service.name\"] == \"shop\"",
        "attributes[\"count\"] == 7",
        "attributes[\"count\"] == 7.0",
        "attributes[\"count\"] >= 7 and attributes[\"count\"] <= 7",
        "attributes[\"count\"] > -8",
        "attributes[\"ratio\"] < 0.75",
        "attributes[\"ratio\"] == 5e-1",
        "attributes[\"ok\"] == true",
        "attributes[\"ok\"] != false",
        "attributes[\"ok\"] > false",
        "attributes[\"none\"] == nil",
        "attributes[\"user\"] != nil",
        "nil == nil",
        "attributes[\"user\"] > \"amy\"",
        "attributes[\"user\"] != 7",
        "attributes[\"list\"] != nil",
        "attributes[\"list\"] != \"a\"",
        "not (attributes[\"list\"] == nil)",
        "name == \"GET /\\\"quoted\\\"\"",
        "kind == SPAN_KIND_SERVER",
        "kind == 2",
        "kind.string == \"Server\"",
        "status.code == STATUS_CODE_ERROR",
        "status.message == \"went wrong\"",
        "end_time - start_time == Duration(\"1.5s\")",
        "end_time_unix_nano - start_time_unix_nano > 1000000000",
        "end_time > start_time + Duration(\"1s499ms999us999ns\")",
        "scope.name == \"testkit\"",
        "instrumentation_scope.version == \"\"",
        "IsMatch(name, \"^GET /\")",
        "IsMatch(attributes[\"count\"], \"^7$\")",
        "not IsMatch(attributes[\"none\"], \".*\")",
        "IsMatch(resource.attributes[\"service.name\"], \"SHOP\") or IsMatch(name, \"GET\")",
        "IsRootSpan()",
        "true",
        "not false",
        "not not true",
        "false or true and true",
        "(false or true) and not (true and false)",
        "false and false or true",
        "true or true and false"
      })
  void condition_holds(String condition) throws Exception {
    assertThat(holds(condition)).isTrue();
    assertThat(holds("not (" + condition + ")")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes[\"user\"] == 7",
        "attributes[\"user\"] < 7",
        "attributes[\"none\"] < 7",
        "attributes[\"none\"] == \"\"",
        "attributes[\"none\"] == false",
        "attributes[\"list\"] == attributes[\"list\"]",
        "attributes[\"user\"] - 1 == 6",
        "IsMatch(attributes[\"none\"], \".*\")",
        "IsMatch(attributes[\"list\"], \".*\")",
        "span.attributes[\"service.name\"] == \"shop\"",
        "(false or true) and false"
      })
  void condition_doesNotHold(String condition) throws Exception {
    assertThat(holds(condition)).isFalse();
  }

  @Test
  void eventsCondition_isOfTheEventUnlessItSaysOtherwise() throws Exception {
    assertThat(ofEvent("name == \"exception\"")).isTrue();
    assertThat(ofEvent("spanevent.name == \"exception\"")).isTrue();
    assertThat(ofEvent("attributes[\"exception.type\"] == \"Oops\"")).isTrue();
    assertThat(ofEvent("attributes[\"user\"] == \"ann\"")).isFalse();
    assertThat(ofEvent("span.attributes[\"user\"] == \"ann\"")).isTrue();
    assertThat(ofEvent("resource.attributes[\"service.name\"] == \"shop\"")).isTrue();
    assertThat(ofEvent("time_unix_nano == 5")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "attributes[\"a\"]|at character 16: the end (expected: a comparison",
        "attributes|at character 11: the end (expected: [)",
        "attributes[0] == 1|at character 12: 0 (expected: an attribute's name in quotes)",
        "attributes[\"a\"][0] == 1|at character 17: 0 (expected: no second index",
        "trace_id == \"x\"|at character 1: trace_id is not built in (expected: attributes",
        "name == 'x'|at character 9: \"'\" (expected: a text in double quotes",
        "name == \"x|at character 9: \"\"\" (expected",
        "name == \"\\d\"|at character 11: \\d (expected",
        "name = \"x\"|at character 6: \"=\" (expected",
        "Len(name) > 1|at character 1: Len is not built in (expected: IsMatch",
        "IsMatch(name, \"(\")|at character 15: \"(\" is no regular expression",
        "IsMatch(name, name)|at character 15: name (expected: a regular expression",
        "Duration(\"1x\") == 1|at character 10: \"1x\" (expected: a duration",
        "name == \"x\" name|at character 13: name (expected: and, or, or the end)",
        "(true|at character 6: the end (expected: ))",
        "name == 99999999999999999999|at character 9: 99999999999999999999 (expected: a number of 64",
        "spanevent.name == \"x\"|at character 1: spanevent.name is not built in"
      })
  void whatIsNotUnderstood_hasItsPlace(String condition, String message) {
    assertThatThrownBy(() -> Ottl.read(condition, false, _ -> 1))
        .isInstanceOf(OttlException.class)
        .hasMessageContaining(message);
  }

  @Test
  void problem_hasFileLineAndColumn() {
    var yaml =
        """
        policies:
          - name: a
            type: ottl_condition
            ottl_condition:
              span:
                - name == "x"
                - name = "y"
        """;

    assertThat(Binder.bind(TailSamplingConfig.class, yaml).problems())
        .singleElement()
        .asString()
        .contains(":7:11:", "policies[0].ottl_condition.span[1]", "at character 6");
  }

  /** Whatever is written, the answer is a condition or an error with its place. */
  @Test
  void anyText_isReadOrRefused() {
    var random = new SplittableRandom(3);
    String[] parts = {
      "attributes[\"a\"]",
      "name",
      "==",
      "<",
      "(",
      ")",
      "not ",
      " and ",
      " or ",
      "\"x\"",
      "1",
      ".",
      "-",
      "+",
      "IsMatch(",
      ",",
      "nil",
      "true",
      " ",
      "[",
      "]",
      "\\",
      "ü"
    };
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(8); n >= 0; n--) text.append(parts[random.nextInt(parts.length)]);
      try {
        var _ = Ottl.read(text.toString(), false, _ -> 1);
        read++;
      } catch (OttlException e) {
        assertThat(e).hasMessageStartingWith("at character ");
      }
    }
    assertThat(read).isPositive();
  }

  private static boolean holds(String condition) throws OttlException {
    return test(condition, false);
  }

  private static boolean ofEvent(String condition) throws OttlException {
    return test(condition, true);
  }

  private static boolean test(String condition, boolean ofEvent) throws OttlException {
    var keys = new ArrayList<String>();
    var read =
        Ottl.read(
            condition,
            ofEvent,
            key -> {
              if (!keys.contains(key)) keys.add(key);
              return keys.indexOf(key) + 1;
            });
    var table = KeyTable.of(List.copyOf(keys));
    var walk = new SpanWalk(table);
    var spot = new Ottl.Spot(walk, new EventView(table));
    walk.start(span().otlpChunks().getFirst());
    assertThat(walk.next()).isTrue();
    walk.span().event(0, spot.event());
    return read.test(spot);
  }

  private static Traces span() {
    var span =
        Otlp.span()
            .name("GET /\"quoted\"")
            .kind(Span.KIND_SERVER)
            .statusCode(Span.STATUS_ERROR)
            .statusMessage("went wrong")
            .startTimeUnixNano(1_700_000_000_000_000_000L)
            .endTimeUnixNano(1_700_000_001_500_000_000L);
    span.attributes()
        .put("user", "ann")
        .put("count", 7)
        .put("ratio", 0.5)
        .put("ok", true)
        .put("list", new Value.Arr(List.of(new Value.Str("a"))));
    var event = new Event().name("exception").timeUnixNano(5);
    event.attributes().put("exception.type", "Oops");
    span.events().add(event);
    return Otlp.traces(span);
  }
}
