package io.raybridge.exporters.otlp;

import io.raybridge.data.Batch;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.delivery.Document;
import io.raybridge.delivery.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request. Its parts are joined by writing them one behind the other, since protobuf adds up
 * messages that follow each other: a batch leaves as the very arrays it came in.
 *
 * @param traceId of its first span, in hex; null where it has none
 * @param client what goes along of what its client sent beside it; null for nothing
 */
record OtlpPayload(
    List<byte[]> parts,
    int items,
    Format format,
    @Nullable String traceId,
    @Nullable ClientMetadata client)
    implements Payload {
  private static final char GROUP_ENDS = ' ';

  @Override
  public long sizeBytes() {
    long size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    return size;
  }

  /** All of it as one, in Base64, since what is in it cannot be told apart any more. */
  @Override
  public List<Document> documents() {
    byte[] text =
        ('"' + Base64.getEncoder().encodeToString(joined()) + '"')
            .getBytes(StandardCharsets.US_ASCII);
    return List.of(new Document(traceId, null, group(), items, text));
  }

  /** How it is written, and who sent it, without whom it would go to somebody else. */
  private String group() {
    if (client == null) return format.text();
    return format.text() + GROUP_ENDS + Base64.getEncoder().encodeToString(client.toBytes());
  }

  /** The request that {@link #documents} made this document of; null where it is none. */
  static @Nullable OtlpPayload of(Document document) {
    var words = document.group().split(String.valueOf(GROUP_ENDS), 2);
    var format = Format.of(words[0]);
    byte[] json = document.json();
    if (format == null || json.length < 2 || json[0] != '"') return null;
    var decoder = Base64.getDecoder();
    try {
      var client = words.length == 1 ? null : ClientMetadata.ofBytes(decoder.decode(words[1]));
      byte[] content =
          decoder.decode(new String(json, 1, json.length - 2, StandardCharsets.US_ASCII));
      return new OtlpPayload(
          List.of(content), document.items(), format, document.traceId(), client);
    } catch (IllegalArgumentException | MalformedBatchException e) {
      return null;
    }
  }

  /**
   * The batch that it was made of.
   *
   * @throws IOException when its bytes are not what its format says
   */
  Batch batch(Signal signal) throws IOException {
    byte[] plain = format.compression().unpack(joined());
    try {
      var batch =
          switch (format.encoding()) {
            case PROTO -> Chunks.batch(signal, plain);
            case JSON -> Chunks.batchOfJson(signal, plain);
          };
      batch.client(client);
      return batch;
    } catch (MalformedBatchException e) {
      throw new IOException("not OTLP: " + e.getMessage(), e);
    }
  }

  private byte[] joined() {
    if (parts.size() == 1) return parts.getFirst();
    var all = new byte[Math.toIntExact(sizeBytes())];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** The trace id of a batch's first span, in hex; null where there is none. */
  static @Nullable String traceId(Batch batch) {
    if (!(batch instanceof Traces traces)) return null;
    var walk = new SpanWalk(KeyTable.of(List.of()));
    for (byte[] chunk : traces.otlpChunks()) {
      walk.start(chunk);
      if (!walk.next()) continue;
      long high = walk.span().traceHigh();
      long low = walk.span().traceLow();
      if ((high | low) == 0) return null;
      return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
    return null;
  }
}
