package io.raybridge.xray;

import java.nio.charset.StandardCharsets;

/** A piece of JSON that never changes, ready for both forms of a document. */
final class Fragment {
  final byte[] plain;
  final byte[] escaped;

  private Fragment(String json) {
    plain = json.getBytes(StandardCharsets.UTF_8);
    escaped = json.replace("\\", "\\\\").replace("\"", "\\\"").getBytes(StandardCharsets.UTF_8);
  }

  /** Any JSON text. */
  static Fragment json(String json) {
    return new Fragment(json);
  }

  /** A member's name with its colon. The name must need no escape. */
  static Fragment name(String name) {
    return new Fragment('"' + name + "\":");
  }

  /** A string value. It must need no escape. */
  static Fragment text(String text) {
    return new Fragment('"' + text + '"');
  }
}
