package io.raybridge.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request that reached {@link ScriptedAws}.
 *
 * @param headers by name in lower case
 * @param body as it came over the wire, perhaps compressed
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record AwsCall(
    String method, String path, Map<String, String> headers, byte[] body, long nanoTime) {
  private static final JsonMapper JSON = new JsonMapper();

  /** The operation's name, from wherever the protocol puts it. */
  public String operation() {
    var target = headers.getOrDefault("x-amz-target", "");
    if (!target.isEmpty()) return target.substring(target.indexOf('.') + 1);
    return switch (path) {
      case "/TraceSegments" -> "PutTraceSegments";
      case "/TelemetryRecords" -> "PutTelemetryRecords";
      default -> path.substring(path.lastIndexOf('/') + 1);
    };
  }

  /** The body, uncompressed. */
  public byte[] content() {
    if (!headers.getOrDefault("content-encoding", "").equals("gzip")) return body;
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body as JSON. */
  public JsonNode json() {
    return JSON.readTree(content());
  }

  /** The documents of PutTraceSegments, as the strings they are sent as. */
  public List<String> documents() {
    var list = new ArrayList<String>();
    for (var document : json().path("TraceSegmentDocuments")) list.add(document.asString());
    return list;
  }

  /** The access key and scope of the signature, or empty where there is none. */
  public String credential() {
    var authorization = headers.getOrDefault("authorization", "");
    int begin = authorization.indexOf("Credential=");
    if (begin < 0) return "";
    return authorization.substring(begin + 11, authorization.indexOf(',', begin));
  }

  /** The id of a segment document, or empty where it has none. */
  public static String idOf(String document) {
    return document.startsWith("{") ? JSON.readTree(document).path("id").asString("") : "";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
