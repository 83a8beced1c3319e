package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.xray.DocumentScan.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** The one look says what the plain scan says, and writes what the plain escaping writes. */
class DocumentCopyTest {
  private static final int DOCUMENTS = Integer.getInteger("fuzz.requests", 50_000);
  private static final String[] PIECES = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\t",
    "\r",
    "0",
    "-",
    ".5",
    "1e",
    "E+1",
    "true",
    "null",
    "false",
    "tru",
    "\\u12aF",
    "\\u12a",
    "\\n",
    "\\\"",
    "\\/",
    "é",
    "\ud83d\ude00",
    "\"id\"",
    "\"trace_id\"",
    "\"70de5b6f19ff9a0a\"",
    "{}",
    "[]",
    "\u0001",
    "\u007f"
  };

  private final DocumentScan scan = new DocumentScan();
  private final DocumentCopy copy = new DocumentCopy();

  @Test
  void damagedSamples_areJudgedAndWrittenAsByTheSlowWay() throws Exception {
    long seed = Long.getLong("fuzz.seed", 20_261_128L);
    var random = new Random(seed);
    var samples = new ArrayList<byte[]>();
    try (var files = Files.list(Path.of("src/test/resources/documents"))) {
      for (var file : files.sorted().toList()) {
        byte[] sample = Files.readAllBytes(file);
        samples.add(sample);
        var json = Otlp.LENIENT.readTree(sample);
        samples.add(sdkForm(json, "").getBytes(StandardCharsets.UTF_8));
        samples.add(sdkForm(json, " ").getBytes(StandardCharsets.UTF_8));
      }
    }
    var seen = new EnumMap<Verdict, Integer>(Verdict.class);
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] sample = samples.get(random.nextInt(samples.size()));
      byte[] document = damaged(sample, random);
      try {
        seen.merge(compare(document), 1, Integer::sum);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(seed + "/" + i + " " + Arrays.toString(document), e);
      }
    }
    assertThat(seen).containsOnlyKeys(Verdict.values());
    assertThat(seen.get(Verdict.DOCUMENT)).isGreaterThan(DOCUMENTS / 10);
    assertThat(seen.get(Verdict.NOT_JSON)).isGreaterThan(DOCUMENTS / 10);
  }

  @Test
  void piecesOfJson_areJudgedAndWrittenAsByTheSlowWay() {
    var random = new Random(11);
    for (int i = 0; i < DOCUMENTS; i++) {
      var text = new StringBuilder("{\"id\":");
      for (int pieces = random.nextInt(8); pieces > 0; pieces--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      if (random.nextBoolean()) text.append("\"}");
      var _ = compare(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}",
        " {\"id\":\"a\"}\n",
        "{\"id\":\"a\",}",
        "{,\"id\":\"a\"}",
        "{\"id\":\"a\"}}",
        "{\"id\":\"a\"]",
        "{\"id\":\"a\"},",
        "{\"id\":\"a\"}:",
        "{\"id\":\"a\"},{}",
        "{\"id\":\"a\",\"b\":[}",
        "{\"id\":\"a\",\"b\":{]}",
        "{\"id\":\"a\",\"b\",1}",
        "{\"id\":\"a\",\"b\":1:2}",
        "{\"id\":\"a\",\"b\":[1:2]}",
        "{\"id\":\"a\",\"b\"}",
        "{1:\"a\",\"id\":\"a\"}",
        "{\"id\":\"a\" \"b\":1}",
        "{\"id\":\"a\",\"x\":[1,]}",
        "{\"id\":\"a\",\"x\":[,1]}",
        "{\"id\":\"a\",\"id\":7}",
        "{\"id\":\"a\",\"id\":\"\"}",
        "{\"id\":\"\"}",
        "{\"x\":{\"id\":\"a\"}}",
        "{\"id\" : [ \"a\" , { } , [ ] ] , \"id\" : \"b\" }",
        "{\"\\u0069d\":\"a\"}",
        "{\"id\":\"a\",\"x\":-}",
        "{\"id\":\"a\",\"x\":01}",
        "{\"id\":\"a\",\"x\":-0.0E-0}",
        "{\"id\":\"a\",\"x\":1.}",
        "{\"id\":\"a\",\"x\":truex}",
        "{\"id\":\"a\",\"x\":nul",
        "{\"id\":\"a\",\"trace_id\":\"1-5759e988-bd862e3fe1be46a994272793\"}",
        "{\"id\":\"53995c3f42cd8ad8\",\"trace_id\":\"1-5759e988-bd862e3fe1be46a99427279g\"}",
        "{\"id\":\"53995c3f42cd8ad8\",\"trace_id\":\"1-5759E988-BD862E3FE1BE46A994272793\"}",
        "{\"id\":\"53995c3f42cd8ad8\",\"trace_id\":\"2-5759e988-bd862e3fe1be46a994272793\"}",
        "{\"id\":\"0000000000000000\",\"trace_id\":\"1-00000000-000000000000000000000000\"}",
        "[{\"id\":\"a\"}]",
        "7"
      })
  void each_isJudgedAndWrittenAsByTheSlowWay(String document) {
    var _ = compare(document.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nesting_hasTheSameEnd() {
    var verdicts = new ArrayList<Verdict>();
    for (int depth = 195; depth < 205; depth++) {
      for (var brackets : List.of("[]", "{}")) {
        for (var inside : List.of("", "1", "\"x\":1")) {
          var deep = new StringBuilder("{\"id\":\"a\",\"x\":");
          deep.append(brackets.equals("[]") ? "[".repeat(depth) : "{\"y\":".repeat(depth) + "{");
          deep.append(inside);
          deep.append(brackets.equals("[]") ? "]".repeat(depth) : "}".repeat(depth + 1));
          verdicts.add(compare(deep.append('}').toString().getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    assertThat(verdicts).contains(Verdict.DOCUMENT, Verdict.NOT_JSON);
  }

  /** Else all that is compared here would be the grammar with itself. */
  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void formOfSdks_isTakenInOneWalk(String blank) throws Exception {
    try (var files = Files.list(Path.of("src/test/resources/documents"))) {
      // Numbers with exponents are for the grammar.
      for (var file : files.filter(each -> !each.endsWith("unknown-members.json")).toList()) {
        byte[] document =
            sdkForm(Otlp.LENIENT.readTree(Files.readAllBytes(file)), blank)
                .getBytes(StandardCharsets.UTF_8);
        byte[] around = Arrays.copyOf(document, document.length + DocumentCopy.SLACK);
        var out = new byte[2 * around.length];

        assertThat(copy.walk(around, 0, document.length, out, 0)).as(file.toString()).isPositive();
        assertThat(compare(document)).isEqualTo(Verdict.DOCUMENT);
      }
    }
  }

  private static String sdkForm(JsonNode node, String blank) {
    if (node.isObject()) {
      return node.propertyStream()
          .map(
              each -> new StringNode(each.getKey()) + ":" + blank + sdkForm(each.getValue(), blank))
          .collect(Collectors.joining("," + blank, "{", "}"));
    }
    if (!node.isArray()) return node.toString();
    return node.valueStream()
        .map(each -> sdkForm(each, blank))
        .collect(Collectors.joining("," + blank, "[", "]"));
  }

  /** Compares both ways, the document standing somewhere inside of an array, or at its end. */
  private Verdict compare(byte[] document) {
    var verdict = compare(document, 0, (byte) 0);
    for (byte around : new byte[] {'"', '7', 0, '\\'}) {
      assertThat(compare(document, 2 * DocumentCopy.SLACK, around)).isEqualTo(verdict);
    }
    return verdict;
  }

  private Verdict compare(byte[] document, int behind, byte filling) {
    var around = new byte[7 + document.length + behind];
    Arrays.fill(around, filling);
    System.arraycopy(document, 0, around, 7, document.length);
    var out = new byte[3 + 2 * document.length + DocumentCopy.SLACK];

    var verdict = copy.copy(around, 7, document.length, out, 3);

    assertThat(verdict).isEqualTo(scan.scan(around, 7, document.length));
    if (verdict != Verdict.DOCUMENT) return verdict;
    assertThat(copy.ids().id()).isEqualTo(scan.ids().id());
    assertThat(copy.ids().traceHigh()).isEqualTo(scan.ids().traceHigh());
    assertThat(copy.ids().traceLow()).isEqualTo(scan.ids().traceLow());
    byte[] written = Arrays.copyOfRange(out, 3, copy.position());
    byte[] escaped = SegmentDocuments.jsonString(document);
    assertThat(written).isEqualTo(Arrays.copyOfRange(escaped, 1, escaped.length - 1));
    assertThat(DocumentText.plain(written, 0, written.length)).isEqualTo(document);
    return verdict;
  }

  private static byte[] damaged(byte[] sample, Random random) {
    byte[] document = sample.clone();
    for (int hits = random.nextInt(3); hits > 0; hits--) {
      byte[] piece = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
      int at = random.nextInt(document.length);
      if (random.nextBoolean()) {
        document[at] = (byte) random.nextInt(256);
      } else {
        System.arraycopy(piece, 0, document, at, Math.min(piece.length, document.length - at));
      }
    }
    int length = random.nextInt(8) == 0 ? random.nextInt(document.length) : document.length;
    return Arrays.copyOf(document, length);
  }
}
