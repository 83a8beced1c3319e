package io.raybridge.aws;

import io.raybridge.transport.client.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The error code and message of a refusal, from wherever the service's protocol puts them.
 *
 * @param code such as {@code ThrottledException}, without namespace; null when nothing that AWS
 *     sends was found
 * @param message the service's own words, cut to a line; may be empty
 */
record ErrorBody(@Nullable String code, String message) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST = 300;

  static ErrorBody of(HttpResponse response) {
    var body = json(response);
    if (body.code == null) body = xml(response);
    var header = response.headers().get("x-amzn-errortype");
    if (header == null) header = response.headers().get("x-amzn-query-error");
    return header == null ? body : new ErrorBody(bare(header), body.message);
  }

  private static ErrorBody json(HttpResponse response) {
    String code = null;
    String message = "";
    try (var parser = JSON.createParser(ObjectReadContext.empty(), response.body())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return new ErrorBody(null, "");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          parser.skipChildren();
          continue;
        }
        switch (name) {
          case "__type", "code", "Code" -> code = bare(parser.getString());
          case "message", "Message" -> message = line(parser.getString());
          default -> {}
        }
      }
    } catch (JacksonException e) {
      // not JSON, or cut off: what was read before that counts
    }
    return new ErrorBody(code, message);
  }

  private static ErrorBody xml(HttpResponse response) {
    var text = new String(response.body(), StandardCharsets.UTF_8);
    var code = element(text, "Code");
    var message = element(text, "Message");
    return new ErrorBody(code == null ? null : bare(code), message == null ? "" : line(message));
  }

  private static @Nullable String element(String text, String name) {
    int begin = text.indexOf("<" + name + ">");
    if (begin < 0) return null;
    begin += name.length() + 2;
    int end = text.indexOf("</" + name + ">", begin);
    return end < 0 ? null : text.substring(begin, end);
  }

  /** {@code com.amazonaws.xray#ThrottledException:http://...} is a ThrottledException. */
  private static String bare(String code) {
    var text = code.substring(code.indexOf('#') + 1);
    for (char stop : new char[] {':', ';'}) {
      int at = text.indexOf(stop);
      if (at >= 0) text = text.substring(0, at);
    }
    text = text.strip();
    return text.length() > 100 ? text.substring(0, 100) : text;
  }

  private static String line(String message) {
    var text = message.replaceAll("\\s+", " ").strip();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
