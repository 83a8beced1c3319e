package io.raybridge.receivers.awsxray;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Ledger.Drop;
import io.raybridge.api.Outcome;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.transport.UdpServer;
import io.raybridge.xray.MalformedSegmentException;
import io.raybridge.xray.SegmentDocuments;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads datagrams as the X-Ray daemon's clients write them: a header line that names the format,
 * and one document, or several in an array; or, from ADOT's SDKs, {@code T1S} and an OTLP request
 * in base64, which become spans, or {@code T1U}, whose spans nobody sampled, which X-Ray gets as
 * they are.
 */
final class Datagrams implements UdpServer.Handler {
  private static final int MOST_DOCUMENTS = 100;
  private static final int MOST_BYTES = 512 << 10;
  private static final JsonFactory JSON = new JsonFactory();

  /** How SDKs write the header, so that nearly no datagram's is parsed. */
  private static final byte[][] HEADERS = {
    ascii("{\"format\":\"json\",\"version\":1}"),
    ascii("{\"format\": \"json\", \"version\": 1}"),
    ascii("{\"format\": \"json\",\"version\": 1}"),
  };

  private final Consumer<Traces> next;
  private final Intake intake;
  private final Context context;
  private final SegmentDocuments.Builder documents = new SegmentDocuments.Builder();

  Datagrams(Consumer<Traces> next, Intake intake, Context context) {
    this.next = next;
    this.intake = intake;
    this.context = context;
  }

  @Override
  public void take(byte[] bytes, int length) {
    int line = 0;
    while (line < length && bytes[line] != '\n') line++;
    if (!isHeader(bytes, line)) {
      intake.reject("bad_header");
      return;
    }
    int from = line + 1;
    if (from >= length) {
      intake.reject("no_document");
      return;
    }
    int end = length;
    if (bytes[from] == 'T') {
      while (end > from && isSpace(bytes[end - 1])) end--;
      if (isSampledOtlp(bytes, from, end)) {
        otlp(bytes, from + 3, end);
        return;
      }
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
    var _ = intake.handOn(documents.build(intake), next, false);
  }

  private static boolean isHeader(byte[] bytes, int length) {
    int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    for (var header : HEADERS) {
      if (Arrays.equals(bytes, 0, end, header, 0, header.length)) return true;
    }
    return isOtherHeader(bytes, end);
  }

  /** The daemon takes the format in any case and only version 1. */
  private static boolean isOtherHeader(byte[] bytes, int length) {
    boolean json = false;
    boolean version = false;
    try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes, 0, length)) {
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

  private static boolean isSampledOtlp(byte[] bytes, int from, int to) {
    return to - from >= 3 && bytes[from] == 'T' && bytes[from + 1] == '1' && bytes[from + 2] == 'S';
  }

  private void otlp(byte[] bytes, int from, int to) {
    Traces batch;
    try {
      batch = Traces.ofOtlp(Base64.getDecoder().decode(Arrays.copyOfRange(bytes, from, to)));
    } catch (IllegalArgumentException e) {
      intake.reject("not_base64");
      return;
    } catch (MalformedBatchException e) {
      intake.reject("not_otlp");
      return;
    }
    int spans = batch.items();
    if (spans == 0) {
      intake.reject("no_document");
      return;
    }
    var outcome = next.consume(batch);
    if (outcome instanceof Outcome.Accepted || outcome instanceof Outcome.Partial) return;
    var why = outcome instanceof Outcome.Retry retry ? retry.reason() : "refused";
    context.ledger().dropped(new Drop(Signal.TRACES, spans, "refused", null, why));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
