package io.raybridge.exporters.awsxray;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One entry of <a
 * href="https://docs.aws.amazon.com/xray/latest/api/API_UnprocessedTraceSegment.html">
 * UnprocessedTraceSegments</a>.
 *
 * @param id the segment's id, or 0 where the service could not read one
 */
record Unprocessed(long id, String code, String message) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NONE =
      "{\"UnprocessedTraceSegments\":[]}".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_MESSAGE = 300;

  /** Reads the body of a successful answer; null when it is not what X-Ray answers. */
  static @Nullable List<Unprocessed> read(byte[] body) {
    // What nearly every call is answered with costs a comparison.
    if (Arrays.equals(body, NONE)) return List.of();
    var list = new ArrayList<Unprocessed>();
    try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return null;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean entries = parser.currentName().equals("UnprocessedTraceSegments");
        if (parser.nextToken() == JsonToken.START_ARRAY && entries) readAll(parser, list);
        else parser.skipChildren();
      }
      return list;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static void readAll(JsonParser parser, List<Unprocessed> list) {
    while (parser.nextToken() == JsonToken.START_OBJECT) list.add(readOne(parser));
  }

  private static Unprocessed readOne(JsonParser parser) {
    long id = 0;
    var code = "unknown";
    var message = "";
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        parser.skipChildren();
        continue;
      }
      switch (name) {
        case "Id" -> id = id(parser.getString());
        case "ErrorCode" -> code = cut(parser.getString(), 100);
        case "Message" -> message = cut(parser.getString(), LONGEST_MESSAGE);
        default -> {}
      }
    }
    return new Unprocessed(id, code, message);
  }

  private static long id(String text) {
    if (text.length() != 16) return 0;
    try {
      return HexFormat.fromHexDigitsToLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }
}
