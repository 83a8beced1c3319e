package io.raybridge.local.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads the form bodies of awsQuery into the same trees as JSON: dots separate members, and {@code
 * member.N} counts the elements of a list. All values are text.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html">awsQuery</a>
 */
final class Form {
  private static final int MAX_DEPTH = 16;

  private final Map<String, Object> tree = new TreeMap<>();

  private Form() {}

  static ObjectNode body(byte[] body) {
    var form = new Form();
    for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      if (pair.isEmpty()) continue;
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      form.add(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return object(form.tree);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("expected: percent-encoding");
    }
  }

  private void add(String path, String value) {
    String[] names = path.split("\\.", MAX_DEPTH + 1);
    if (names.length > MAX_DEPTH) throw malformed("expected: at most " + MAX_DEPTH + " levels");
    Map<String, Object> at = tree;
    for (int i = 0; i < names.length - 1; i++) at = inner(at, names[i]);
    if (at.put(names[names.length - 1], value) != null) throw malformed("a name stands twice");
  }

  // What stands at a name is a text or a map made here.
  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> at, String name) {
    Object inner = at.computeIfAbsent(name, n -> new TreeMap<String, Object>());
    if (inner instanceof Map<?, ?> map) return (Map<String, Object>) map;
    throw malformed("a name is both a value and a group");
  }

  // As above.
  @SuppressWarnings("unchecked")
  private static JsonNode node(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.size() == 1 && map.get("member") instanceof Map<?, ?> list
          ? array((Map<String, Object>) list)
          : object((Map<String, Object>) map);
    }
    return StringNode.valueOf(value.toString());
  }

  private static ObjectNode object(Map<String, Object> members) {
    ObjectNode object = Json.object();
    members.forEach((name, value) -> object.set(name, node(value)));
    return object;
  }

  private static ArrayNode array(Map<String, Object> elements) {
    Map<Integer, Object> inOrder = new TreeMap<>();
    elements.forEach((index, element) -> inOrder.put(index(index), element));
    ArrayNode array = Json.object().arrayNode();
    inOrder.values().forEach(element -> array.add(node(element)));
    return array;
  }

  private static int index(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw malformed("expected: a number behind member");
    }
  }

  private static ApiException malformed(String what) {
    return new ApiException(400, "SerializationException", "the body is not a valid form: " + what);
  }
}
