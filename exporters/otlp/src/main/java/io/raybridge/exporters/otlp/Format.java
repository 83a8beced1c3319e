package io.raybridge.exporters.otlp;

import io.raybridge.exporters.otlp.OtlpHttpExporterConfig.Encoding;
import io.raybridge.transport.Compression;
import org.jspecify.annotations.Nullable;

/** How the bytes of a request are written, so that a dead letter goes as it would have gone. */
record Format(Encoding encoding, Compression compression) {
  static final Format PLAIN = new Format(Encoding.PROTO, Compression.NONE);

  /** Such as {@code proto} or {@code json+gzip}. */
  String text() {
    String name = encoding == Encoding.PROTO ? "proto" : "json";
    return compression == Compression.NONE ? name : name + "+" + compression.encoding();
  }

  /** The format of this text, or null. */
  static @Nullable Format of(String text) {
    for (var encoding : Encoding.values()) {
      for (var compression : Compression.values()) {
        var format = new Format(encoding, compression);
        if (format.text().equals(text)) return format;
      }
    }
    return null;
  }
}
