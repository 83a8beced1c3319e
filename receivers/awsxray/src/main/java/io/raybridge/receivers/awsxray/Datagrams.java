package io.raybridge.receivers.awsxray;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Ledger.Drop;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.data.Batch;
import io.raybridge.transport.UdpServer;
import io.raybridge.xray.DocumentBuffer;
import io.raybridge.xray.MalformedSegmentException;
import io.raybridge.xray.SegmentDocuments;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads datagrams as the X-Ray daemon's clients write them: a header line that names the format,
 * and one document, or several in an array; or, from ADOT's SDKs, OTLP requests in base64: spans
 * behind {@code T1S}; behind {@code T1U} those that nobody sampled, which X-Ray gets as they are;
 * and metrics behind {@code M1}, which go to pipelines of metrics and, where there is none, to
 * X-Ray as they are, too.
 */
final class Datagrams implements UdpServer.Handler {
  /**
   * What is handed on at once: six calls to X-Ray. They are written one after the other, and one
   * wake takes several of their answers.
   */
  private static final int MOST_DOCUMENTS = 6 * DocumentBuffer.DOCUMENTS_PER_CALL;

  /** And of large ones no more than the exporter awsxray takes from this thread at once. */
  private static final int MOST_BYTES = 384 << 10;

  private static final JsonFactory JSON = new JsonFactory();

  /** How SDKs write the header, so that nearly no datagram's is parsed. */
  private static final byte[][] HEADERS = {
    ascii("{\"format\":\"json\",\"version\":1}"),
    ascii("{\"format\": \"json\", \"version\": 1}"),
    ascii("{\"format\": \"json\",\"version\": 1}"),
  };

  private final Outputs next;
  private final Intake intake;
  private final Context context;
  private final SegmentDocuments.Builder documents = new SegmentDocuments.Builder();

  Datagrams(Outputs next, Intake intake, Context context) {
    this.next = next;
    this.intake = intake;
    this.context = context;
  }

  @Override
  public boolean take(byte[] bytes, int offset, int length) {
    gather(bytes, offset, length);
    return documents.count() > 0;
  }

  private void gather(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int line = offset;
    while (line < end && bytes[line] != '\n') line++;
    if (!isHeader(bytes, offset, line)) {
      intake.reject("bad_header");
      return;
    }
    int from = line + 1;
    if (from >= end) {
      intake.reject("no_document");
      return;
    }
    if (bytes[from] == 'T' || bytes[from] == 'M') {
      while (end > from && isSpace(bytes[end - 1])) end--;
      if (OtlpText.isSpans(bytes, from, end) && next.traces().isPresent()) {
        otlp(bytes, from, end, OtlpText::spans, next.traces().get());
        return;
      }
      if (OtlpText.isMetrics(bytes, from, end) && next.metrics().isPresent()) {
        otlp(bytes, from, end, OtlpText::metrics, next.metrics().get());
        return;
      }
    }
    if (next.traces().isEmpty()) {
      intake.reject("no_pipeline");
      return;
    }
    try {
      documents.addAll(bytes, from, end - from, e -> intake.reject(e.reason()));
    } catch (MalformedSegmentException e) {
      intake.reject(e.reason());
      return;
    }
    if (documents.count() >= MOST_DOCUMENTS || documents.size() >= MOST_BYTES) flush();
  }

  @Override
  public void flush() {
    if (documents.count() == 0) return;
    var _ = intake.handOn(documents.build(intake), next.traces().orElseThrow(), false);
  }

  private static boolean isHeader(byte[] bytes, int from, int to) {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    for (var header : HEADERS) {
      if (Arrays.equals(bytes, from, end, header, 0, header.length)) return true;
    }
    return isOtherHeader(bytes, from, end - from);
  }

  /** The daemon takes the format in any case and only version 1. */
  private static boolean isOtherHeader(byte[] bytes, int offset, int length) {
    boolean json = false;
    boolean version = false;
    try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return false;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = parser.currentName();
        var value = parser.nextToken();
        if (name.equals("format")) {
          json = value == JsonToken.VALUE_STRING && parser.getString().equalsIgnoreCase("json");
        } else if (name.equals("version")) {
          version = isOne(parser, value);
        } else {
          parser.skipChildren();
        }
      }
      return json && version && parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static boolean isOne(JsonParser parser, JsonToken value) {
    return value == JsonToken.VALUE_NUMBER_INT && parser.getString().equals("1");
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private interface Reader<B extends Batch> {
    B read(byte[] bytes, int from, int to) throws OtlpText.UnreadableException;
  }

  private <B extends Batch> void otlp(
      byte[] bytes, int from, int to, Reader<B> reader, Consumer<B> output) {
    B batch;
    try {
      batch = reader.read(bytes, from, to);
    } catch (OtlpText.UnreadableException e) {
      intake.reject(e.reason());
      return;
    }
    int items = batch.items();
    var signal = batch.signal();
    var outcome = output.consume(batch);
    if (outcome instanceof Outcome.Accepted || outcome instanceof Outcome.Partial) return;
    var why = outcome instanceof Outcome.Retry retry ? retry.reason() : "refused";
    context.ledger().dropped(new Drop(signal, items, "refused", null, why));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
