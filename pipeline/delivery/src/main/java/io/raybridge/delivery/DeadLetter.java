package io.raybridge.delivery;

import io.raybridge.data.Signal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * An item that was given up, and all that is needed to send it again: one line of a file.
 *
 * @param component the exporter that gave it up, as the configuration names it
 * @param reason as the ledger counts it, such as {@code rejected}
 * @param code the destination's error code, or one of ours
 * @param message for people
 */
public record DeadLetter(
    Instant time,
    String component,
    Signal signal,
    String reason,
    String code,
    String message,
    Document document) {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final byte[] DOCUMENT = ",\"document\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

  /** Says that a line is no dead letter, and what was expected. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  /**
   * The letter as a line, its line break included. The document's bytes stand in it as they are.
   */
  public byte[] line() {
    var out = new ByteArrayOutputStream(256 + document.json().length);
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeStringProperty("component", component);
      json.writeStringProperty("signal", signal.key());
      json.writeStringProperty("reason", reason);
      json.writeStringProperty("code", code);
      json.writeStringProperty("message", message);
      if (document.traceId() != null) json.writeStringProperty("trace_id", document.traceId());
      if (document.id() != null) json.writeStringProperty("id", document.id());
      if (!document.group().isEmpty()) json.writeStringProperty("group", document.group());
      json.writeNumberProperty("items", document.items());
      json.writeEndObject();
    }
    byte[] head = out.toByteArray();
    out.reset();
    out.write(head, 0, head.length - 1);
    out.writeBytes(DOCUMENT);
    out.writeBytes(document.json());
    out.writeBytes(END);
    return out.toByteArray();
  }

  /**
   * Reads a line, with or without its line break.
   *
   * @throws MalformedException when it is not a letter; names the member and what was expected
   */
  public static DeadLetter parse(byte[] line) throws MalformedException {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("no JSON object");
      }
      var members = new Members();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) members.read(parser, line);
      if (parser.nextToken() != null) throw new MalformedException("more than one JSON value");
      return members.letter();
    } catch (JacksonException e) {
      throw new MalformedException("not JSON: " + e.getOriginalMessage());
    }
  }

  /** What has been read of a line so far. */
  private static final class Members {
    private @Nullable String time;
    private @Nullable String component;
    private @Nullable String signal;
    private @Nullable String traceId;
    private @Nullable String id;
    private byte @Nullable [] document;
    private String reason = "";
    private String code = "";
    private String message = "";
    private String group = "";
    private int items = 1;

    void read(JsonParser parser, byte[] line) throws MalformedException {
      var name = parser.currentName();
      var token = parser.nextToken();
      switch (name) {
        case "time" -> time = text(name, parser, token);
        case "component" -> component = text(name, parser, token);
        case "signal" -> signal = text(name, parser, token);
        case "reason" -> reason = text(name, parser, token);
        case "code" -> code = text(name, parser, token);
        case "message" -> message = text(name, parser, token);
        case "trace_id" -> traceId = text(name, parser, token);
        case "id" -> id = text(name, parser, token);
        case "group" -> group = text(name, parser, token);
        case "items" -> {
          if (token != JsonToken.VALUE_NUMBER_INT) throw wrong(name, "a whole number");
          items = parser.getIntValue();
        }
        case "document" -> document = raw(parser, line);
        default -> parser.skipChildren();
      }
    }

    /** The bytes of the value at which the parser stands, as they are in the line. */
    private static byte[] raw(JsonParser parser, byte[] line) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      return Arrays.copyOfRange(line, from, (int) parser.currentLocation().getByteOffset());
    }

    private static String text(String name, JsonParser parser, JsonToken token)
        throws MalformedException {
      if (token != JsonToken.VALUE_STRING) throw wrong(name, "text");
      return parser.getString();
    }

    DeadLetter letter() throws MalformedException {
      if (component == null) throw wrong("component", "an exporter's id");
      if (document == null) throw wrong("document", "what was to be sent");
      if (items < 0) throw wrong("items", "0 or more");
      return new DeadLetter(
          instant(),
          component,
          signal(),
          reason,
          code,
          message,
          new Document(traceId, id, group, items, document));
    }

    private Instant instant() throws MalformedException {
      if (time == null) throw wrong("time", "a time such as 2026-11-25T18:00:00.000Z");
      try {
        return Instant.parse(time);
      } catch (DateTimeException e) {
        throw wrong("time", "a time such as 2026-11-25T18:00:00.000Z");
      }
    }

    private Signal signal() throws MalformedException {
      for (var known : Signal.values()) if (known.key().equals(signal)) return known;
      throw wrong("signal", "traces, metrics or logs");
    }

    private static MalformedException wrong(String name, String expected) {
      return new MalformedException(
          "\"" + name + "\" is missing or wrong (expected: " + expected + ")");
    }
  }
}
