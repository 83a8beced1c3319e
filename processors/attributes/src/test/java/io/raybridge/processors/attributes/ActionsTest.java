package io.raybridge.processors.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.data.Attributes;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ActionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: b, value: 1, action: insert} | {a=Str[value=x], b=Int[value=1]}",
        "{key: a, value: 1, action: insert} | {a=Str[value=x]}",
        "{key: a, value: 1, action: update} | {a=Int[value=1]}",
        "{key: b, value: 1, action: update} | {a=Str[value=x]}",
        "{key: a, value: 1.5, action: upsert} | {a=Dbl[value=1.5]}",
        "{key: b, value: true, action: UPSERT} | {a=Str[value=x], b=Bool[value=true]}",
        "{key: b, from_attribute: a, action: insert} | {a=Str[value=x], b=Str[value=x]}",
        "{key: b, from_attribute: c, action: upsert} | {a=Str[value=x]}",
        "{key: b, from_attribute: c, default_value: d, action: upsert}"
            + " | {a=Str[value=x], b=Str[value=d]}",
        "{key: b, from_attribute: a, default_value: d, action: upsert}"
            + " | {a=Str[value=x], b=Str[value=x]}",
        "{key: b, default_value: d, action: insert} | {a=Str[value=x], b=Str[value=d]}",
        "{key: a, action: delete} | {}",
        "{key: b, action: delete} | {a=Str[value=x]}",
        "{pattern: '^[ab]$', action: delete} | {}",
        "{pattern: '^b', action: delete} | {a=Str[value=x]}",
        "{key: b, action: hash} | {a=Str[value=x]}",
        "{key: b, converted_type: int, action: convert} | {a=Str[value=x]}"
      })
  void action_doesWhatItSays(String action, String expected) {
    var attributes = new Attributes().put("a", "x");

    apply(attributes, action);

    assertThat(attributes).hasToString(expected);
  }

  @Test
  void actions_areDoneInTheirOrder() {
    var attributes = new Attributes().put("old", 7);

    apply(
        attributes,
        "{key: new, from_attribute: old, action: insert}",
        "{key: old, action: delete}",
        "{key: new, converted_type: string, action: convert}");

    assertThat(attributes).isEqualTo(new Attributes().put("new", "7"));
  }

  @Test
  void yamlOfEveryKind_becomesAValue() {
    var attributes = new Attributes();

    apply(attributes, "{key: a, value: [1, {b: [x, 2.5, false]}], action: insert}");

    assertThat(attributes.get("a"))
        .isEqualTo(
            Value.of(
                List.of(
                    Value.of(1L),
                    Value.of(
                        new Attributes()
                            .put(
                                "b",
                                Value.of(
                                    List.of(Value.of("x"), Value.of(2.5), Value.of(false))))))));
  }

  @Test
  void hashes_areSha256AsGoMakesThem() {
    var attributes =
        new Attributes()
            .put("text", "foo")
            .put("yes", true)
            .put("int", 24)
            .put("double", 2.4)
            .put("empty", "")
            .put("list", Value.of(List.of(Value.of(1L))));

    apply(attributes, "{key: text, pattern: '^(yes|int|double|empty|list)$', action: hash}");

    // printf foo | sha256sum; printf '\x01' | sha256sum; and 8 little-endian bytes of the numbers
    assertThat(attributes.getString("text"))
        .isEqualTo("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    assertThat(attributes.getString("yes"))
        .isEqualTo("4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a");
    assertThat(attributes.getString("int"))
        .isEqualTo("cbb032642036ec7043fa4529f06c9c9d8b12fa70ea6799a19ca8321a808d86fa");
    assertThat(attributes.getString("double"))
        .isEqualTo("df3022be03461368aa299f2f30d440fd3ca45c9b62af40733f10296a53d42859");
    assertThat(attributes.getString("empty"))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(attributes.getString("list")).isEmpty();
  }

  @Test
  void extract_setsItsNamedGroups() {
    var attributes =
        new Attributes().put("path", "/api/v1/document/12345678/update/v1").put("version", "na");

    apply(
        attributes,
        "{key: path, action: extract,"
            + " pattern: '^\\/api\\/v1\\/document\\/(?P<new_user_key>.*)\\/update\\/(?P<version>.*)$'}");

    assertThat(attributes.getString("new_user_key")).isEqualTo("12345678");
    assertThat(attributes.getString("version")).isEqualTo("v1");
    assertThat(attributes.getString("path")).isEqualTo("/api/v1/document/12345678/update/v1");
  }

  @Test
  void extract_doesNothingWithoutAMatchOrAText() {
    var attributes = new Attributes().put("number", 1234).put("text", "no digits");
    var before = attributes.copy();

    apply(
        attributes,
        "{key: number, action: extract, pattern: '(?P<n>[0-9]+)'}",
        "{key: text, action: extract, pattern: '(?P<n>[0-9]+)'}",
        "{key: absent, action: extract, pattern: '(?P<n>[0-9]+)'}");

    assertThat(attributes).isEqualTo(before);
  }

  @Test
  void groupThatTookNoPart_isAnEmptyText() {
    var attributes = new Attributes().put("text", "b");

    apply(attributes, "{key: text, action: extract, pattern: '(?P<x>a)|(?P<y>b)'}");

    assertThat(attributes.getString("x")).isEmpty();
    assertThat(attributes.getString("y")).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({
    "int, 12, Int[value=12]", "int, -5, Int[value=-5]", "int, 1.5, Str[value=1.5]",
    "int, x, Str[value=x]", "double, 1.5, Dbl[value=1.5]", "double, 12, Dbl[value=12.0]",
    "double, 1d, Str[value=1d]", "double, ' 1', 'Str[value= 1]'", "double, '', Str[value=]",
    "double, x, Str[value=x]", "string, x, Str[value=x]"
  })
  void texts_areConverted(String type, String text, String expected) {
    assertThat(converted(Value.of(text), type)).hasToString(expected);
  }

  @Test
  void otherValues_areConverted() {
    assertThat(converted(Value.of(1.9), "int")).isEqualTo(Value.of(1L));
    assertThat(converted(Value.of(true), "int")).isEqualTo(Value.of(1L));
    assertThat(converted(Value.of(false), "double")).isEqualTo(Value.of(0.0));
    assertThat(converted(Value.of(3L), "double")).isEqualTo(Value.of(3.0));
    assertThat(converted(Value.of(3L), "string")).isEqualTo(Value.of("3"));
    assertThat(converted(Value.of(List.of(Value.of(3L))), "string")).isEqualTo(Value.of("[3]"));
    assertThat(converted(Value.of(List.of()), "int")).isEqualTo(Value.of(List.of()));
  }

  @Test
  void hostilePatternAndText_takeNoForever() {
    var attributes = new Attributes().put("a", "a".repeat(50_000) + "b");

    apply(
        attributes,
        "{key: a, action: extract, pattern: '^(?P<x>(a+)+)$'}".replace("(a+)+", "(?:a+)+"));

    assertThat(attributes.contains("x")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{action: insert, value: 1} -> missing for insert",
        "{key: a, action: insert} -> expected: value, from_attribute, from_context, default_value",
        "{key: a, action: insert, value: 1, from_attribute: b} -> there is a value already",
        "{key: a, action: insert, value: 1, pattern: x} -> is not for insert",
        "{key: a, action: update, value: 1, converted_type: int} -> is not for update",
        "{action: delete} -> expected: key or pattern",
        "{key: a, action: delete, value: 1} -> is not for delete",
        "{key: a, action: delete, from_attribute: b} -> is not for delete",
        "{key: a, action: hash, converted_type: int} -> is not for hash",
        "{pattern: '(', action: hash} -> missing closing )",
        "{key: a, action: extract} -> missing for extract",
        "{key: a, action: extract, pattern: 'a'} -> expected: groups, all named",
        "{key: a, action: extract, pattern: '(?P<a>x)(y)'} -> expected: groups, all named",
        "{key: a, action: extract, pattern: '(?P<a>x)', value: 1} -> is not for extract",
        "{key: a, action: convert} -> expected: int, double, string",
        "{key: a, action: convert, converted_type: bool} -> bool",
        "{key: a, action: convert, converted_type: int, pattern: x} -> is not for convert",
        "{key: a, action: rename} -> rename",
        "{key: a, action: insert, from_context: auth.subject} -> receivers authenticate nobody",
        "{key: a, action: insert, from_context: client.address} -> address is not kept",
        "{key: a, action: insert, from_context: metadata.} -> names no field",
        "{key: a, action: insert, from_context: metadata.x, value: 1} -> expected: one",
        "{key: a, action: delete, from_context: metadata.x} -> is not for delete"
      })
  void wrongAction_isRefusedByName(String actionAndMessage) {
    String[] parts = actionAndMessage.split(" -> ");

    var problems =
        Binder.bind(AttributesProcessorConfig.class, "actions: [" + parts[0] + "]").problems();

    assertThat(problems)
        .extracting(Problem::message)
        .anyMatch(message -> message.contains(parts[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{match_type: strict} -> expected: at least one condition",
        "{services: [a]} -> match_type",
        "{match_type: regexp, services: ['(']} -> missing closing )",
        "{match_type: strict, span_kinds: [server]} -> server (expected: one of [SPAN_KIND_",
        "{match_type: regexp, attributes: [{key: a, value: 1}]} -> 1 for a (expected: a text",
        "{match_type: strict, attributes: [{key: ''}]} -> the name of an attribute",
        "{match_type: expr, services: [a]} -> expr"
      })
  void wrongConditions_areRefusedByName(String conditionsAndMessage) {
    String[] parts = conditionsAndMessage.split(" -> ");

    var problems =
        Binder.bind(
                AttributesProcessorConfig.class,
                "include: " + parts[0] + "\nactions: [{key: a, action: delete}]")
            .problems();

    assertThat(problems)
        .extracting(Problem::message)
        .anyMatch(message -> message.contains(parts[1]));
  }

  @Test
  void noActions_areRefused() {
    assertThat(Binder.bind(AttributesProcessorConfig.class, "actions: []").problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("expected: at least one"));
  }

  @Test
  void headerField_isAValueWhereTheClientSentIt() {
    var client =
        ClientMetadata.of(
            List.of("X-Tenant", "X-Many"),
            name -> name.equals("X-Tenant") ? List.of("acme") : List.of("a", "b"));
    var attributes = new Attributes().put("there", "old");

    apply(
        attributes,
        client,
        "{key: tenant, action: insert, from_context: metadata.x-tenant}",
        "{key: bare, action: insert, from_context: X-Tenant}",
        "{key: many, action: upsert, from_context: metadata.X-Many}",
        "{key: there, action: insert, from_context: metadata.x-tenant}",
        "{key: nobody, action: upsert, from_context: metadata.x-absent}",
        "{key: other, action: upsert, from_context: metadata.x-absent, default_value: d}");

    assertThat(attributes)
        .isEqualTo(
            new Attributes()
                .put("there", "old")
                .put("tenant", "acme")
                .put("bare", "acme")
                .put("many", "a;b")
                .put("other", "d"));
  }

  @Test
  void headerFieldOfABatchWhoseReceiverKeptNone_isNone() {
    var attributes = new Attributes();

    apply(attributes, "{key: tenant, action: upsert, from_context: metadata.x-tenant}");

    assertThat(attributes).isEqualTo(new Attributes());
  }

  private static Value converted(Value value, String type) {
    var attributes = new Attributes().put("a", value);
    apply(attributes, "{key: a, action: convert, converted_type: " + type + "}");
    return attributes.get("a");
  }

  private static void apply(Attributes attributes, String... actions) {
    apply(attributes, null, actions);
  }

  private static void apply(Attributes attributes, ClientMetadata client, String... actions) {
    var yaml = "actions: [" + String.join(", ", actions) + "]";
    var config = Binder.bind(AttributesProcessorConfig.class, yaml).orThrow();
    new Actions(config.actions()).apply(attributes, client);
  }
}
