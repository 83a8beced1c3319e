package io.raybridge.xray;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Segment documents in their plain form, one string each: for tests, listings and whoever wants to
 * look, not for sending. Not safe for two threads.
 */
public final class PlainDocuments {
  private final SegmentEncoder encoder;
  private DocumentBuffer buffer = new DocumentBuffer(1, 1);

  public PlainDocuments(TranslationConfig config, DropListener drops, InstantSource clock) {
    encoder = new SegmentEncoder(config, drops, clock, new TraceBudget(), false);
  }

  /** The documents of these OTLP requests, which {@code Traces.ofOtlp} must have accepted. */
  public List<String> of(List<byte[]> otlpChunks) {
    var documents = new ArrayList<String>();
    buffer.clear();
    try {
      buffer =
          encoder.encode(
              otlpChunks,
              buffer,
              full -> {
                documents.add(text(full));
                full.clear();
                return full;
              });
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing here waits", e);
    }
    if (buffer.count() > 0) documents.add(text(buffer));
    return documents;
  }

  /** Whether attributes of this key mean something to the translation, whatever they hold. */
  public boolean knows(String key) {
    return Keys.isKnown(key) || key.startsWith(Metadata.NAMESPACE_PREFIX);
  }

  private static String text(DocumentBuffer one) {
    return new String(one.bytes(), one.start(0), one.end(0) - one.start(0), StandardCharsets.UTF_8);
  }
}
