package io.raybridge.local.api;

import io.raybridge.local.store.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/**
 * Checks the documents of PutTraceSegments as X-Ray does: a segment, a subsegment sent alone, or an
 * array of subsegments.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html">Segment
 *     documents</a>
 */
final class SegmentReader {
  static final int MAX_BYTES = 64 << 10;

  private static final int MAX_NAME = 200;
  private static final String NAME_SIGNS = "_.:/%&#=+\\-@";
  private static final Pattern TRACE_ID = Pattern.compile("1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}");
  private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{16}");

  private static final ObjectReader ELEMENT =
      Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final List<Document> documents = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();

  /**
   * A document that was not taken.
   *
   * @param id the segment's id; null where none could be read
   */
  record Refused(@Nullable String id, String code, String message) {}

  List<Document> documents() {
    return documents;
  }

  List<Refused> refused() {
    return refused;
  }

  void read(String text) {
    // Spans that nobody sampled: X-Ray measures them and records no trace.
    if (text.startsWith("T1U")) return;
    if (text.startsWith("T1S")) {
      refuse(null, false, "UnsupportedFormat", "OTLP in a document is not built in yet");
      return;
    }
    if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      refuse(null, false, "SegmentTooLarge", "expected: at most " + MAX_BYTES + " bytes");
      return;
    }
    try {
      if (text.stripLeading().startsWith("[")) readArray(text);
      else readOne(Json.MAPPER.readTree(text), text);
    } catch (JacksonException e) {
      refuse(null, false, "ParseError", "not valid JSON");
    }
  }

  /** Cuts the array's elements out as they were sent. Nothing is taken unless all of it parses. */
  private void readArray(String text) {
    List<JsonNode> nodes = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        nodes.add(ELEMENT.readTree(parser));
        texts.add(text.substring(start, (int) parser.currentLocation().getCharOffset()));
      }
      if (parser.nextToken() != null) {
        refuse(null, false, "ParseError", "more than one JSON value");
        return;
      }
    }
    if (nodes.isEmpty()) refuse(null, false, "MissingId", "an empty array");
    for (int i = 0; i < nodes.size(); i++) readOne(nodes.get(i), texts.get(i));
  }

  private void readOne(JsonNode node, String text) {
    if (!node.isObject()) {
      refuse(null, false, "ParseError", "expected: a JSON object");
      return;
    }
    boolean subsegment = "subsegment".equals(Json.string(node, "type"));
    String id = Json.string(node, "id");
    String shownId = id != null && ID.matcher(id).matches() ? id : null;
    String problem = problem(node, subsegment);
    if (problem != null) {
      int colon = problem.indexOf(": ");
      refuse(shownId, subsegment, problem.substring(0, colon), problem.substring(colon + 2));
      return;
    }
    String traceId = Json.at(node, "trace_id").stringValue().toLowerCase(Locale.ROOT);
    long start = Json.micros(Json.at(node, "start_time"));
    long end = Json.micros(Json.at(node, "end_time"));
    documents.add(
        new Document(
            traceId,
            Json.at(node, "id").stringValue().toLowerCase(Locale.ROOT),
            end >= 0 && !Json.isTrue(node, "in_progress"),
            start,
            end >= 0 ? end : start,
            text));
  }

  /** X-Ray's code and the expectation that was not met; null for a sound document. */
  private static @Nullable String problem(JsonNode node, boolean subsegment) {
    JsonNode id = Json.at(node, "id");
    if (absent(id)) return "MissingId: expected: 16 hex digits";
    if (!matches(id, ID)) return "InvalidId: expected: 16 hex digits";
    JsonNode traceId = Json.at(node, "trace_id");
    if (absent(traceId)) return "MissingTraceId: expected: 1-8hex-24hex";
    if (!matches(traceId, TRACE_ID)) return "InvalidTraceId: expected: 1-8hex-24hex";
    JsonNode name = Json.at(node, "name");
    if (absent(name)) return "MissingName: expected: a name";
    if (!name.isString() || !validName(name.stringValue())) {
      return "InvalidName: expected: 1 to 200 letters, digits, spaces and " + NAME_SIGNS;
    }
    JsonNode parent = Json.at(node, "parent_id");
    if (absent(parent) && subsegment) return "MissingParentId: a subsegment sent alone needs one";
    if (!absent(parent) && !matches(parent, ID)) return "InvalidParentId: expected: 16 hex digits";
    return timeProblem(node);
  }

  private static @Nullable String timeProblem(JsonNode node) {
    JsonNode start = Json.at(node, "start_time");
    if (absent(start)) return "MissingStartTime: expected: seconds since 1970";
    if (Json.micros(start) < 0) return "InvalidStartTime: expected: seconds since 1970";
    JsonNode end = Json.at(node, "end_time");
    if (absent(end)) {
      return Json.isTrue(node, "in_progress")
          ? null
          : "MissingEndTime: expected: seconds since 1970, or in_progress";
    }
    if (Json.micros(end) < Json.micros(start)) {
      return "InvalidEndTime: expected: seconds since 1970, not before start_time";
    }
    return null;
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static boolean matches(JsonNode node, Pattern pattern) {
    return node.isString() && pattern.matcher(node.stringValue()).matches();
  }

  private static boolean validName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && name.codePoints()
            .allMatch(c ->
                Character.isLetterOrDigit(c)
                    || Character.isWhitespace(c)
                    || Character.getType(c) == Character.OTHER_NUMBER
                    || Character.getType(c) == Character.LETTER_NUMBER
                    || Character.isSpaceChar(c)
                    || NAME_SIGNS.indexOf(c) >= 0);
  }

  private void refuse(@Nullable String id, boolean subsegment, String code, String cause) {
    refused.add(
        new Refused(
            id,
            code,
            "Invalid "
                + (subsegment ? "subsegment" : "segment")
                + ". ErrorCode: "
                + code
                + ", Cause: "
                + cause));
  }
}
