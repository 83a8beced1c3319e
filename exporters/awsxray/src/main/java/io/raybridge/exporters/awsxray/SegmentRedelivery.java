package io.raybridge.exporters.awsxray;

import io.raybridge.api.Clock;
import io.raybridge.aws.AwsClient;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Document;
import io.raybridge.delivery.Redeliverer;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.RetryConfig;
import io.raybridge.xray.DocumentBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends documents that were given up once more, byte for byte as they were. */
final class SegmentRedelivery implements Redelivery {
  private final AwsClient client;
  private final Buffers buffers = new Buffers();
  private final Redeliverer<SegmentPayload> redeliverer;

  SegmentRedelivery(AwsClient client, RetryConfig retry, Clock clock) {
    this.client = client;
    var sender = new SegmentSender(client, buffers, new Counts(), clock);
    this.redeliverer = new Redeliverer<>(clock, retry, sender);
  }

  @Override
  public List<Returned> send(List<DeadLetter> letters) throws InterruptedException {
    var returned = new ArrayList<Returned>();
    var body = buffers.take();
    for (var letter : letters) {
      var wrong = append(letter.document(), body);
      if (wrong != null) returned.add(wrong);
      if (!body.isFull()) continue;
      returned.addAll(redeliverer.send(SegmentPayload.of(body)));
      body = buffers.take();
    }
    if (body.count() > 0) returned.addAll(redeliverer.send(SegmentPayload.of(body)));
    return returned;
  }

  /** Null when it is in; else what is wrong with it. */
  private static @Nullable Returned append(Document document, DocumentBuffer body) {
    var json = document.json();
    if (json.length < 2 || json[0] != '"') return wrong(document, "document", "a JSON string");
    var id = document.id();
    if (id == null || id.length() != 16) return wrong(document, "id", "16 hex digits");
    var trace = document.traceId();
    if (trace == null || trace.length() != 32) return wrong(document, "trace_id", "32 hex digits");
    try {
      long high = HexFormat.fromHexDigitsToLong(trace, 0, 16);
      long low = HexFormat.fromHexDigitsToLong(trace, 16, 32);
      body.append(json, document.items(), high, low, HexFormat.fromHexDigitsToLong(id));
      return null;
    } catch (NumberFormatException e) {
      return wrong(document, "id or trace_id", "hex digits");
    }
  }

  private static Returned wrong(Document document, String member, String expected) {
    var message = "\"" + member + "\" is missing or wrong (expected: " + expected + ")";
    return new Returned(document, true, "malformed_letter", message);
  }

  @Override
  public void close() {
    client.close();
  }
}
