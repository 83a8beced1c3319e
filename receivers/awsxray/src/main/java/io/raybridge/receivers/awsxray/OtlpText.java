package io.raybridge.receivers.awsxray;

import io.raybridge.data.Batch;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * What ADOT's SDKs send to the daemon in place of a document and what becomes spans or points here:
 * a word and an OTLP request in base64.
 */
final class OtlpText {
  private static final byte[] SPANS = "T1S".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] METRICS = "M1".getBytes(StandardCharsets.US_ASCII);

  private OtlpText() {}

  /** Whether these are spans that were sampled. */
  static boolean isSpans(byte[] text, int from, int to) {
    return startsWith(text, from, to, SPANS);
  }

  static boolean isMetrics(byte[] text, int from, int to) {
    return startsWith(text, from, to, METRICS);
  }

  private static boolean startsWith(byte[] text, int from, int to, byte[] prefix) {
    int end = from + prefix.length;
    return end <= to && Arrays.equals(text, from, end, prefix, 0, prefix.length);
  }

  static Traces spans(byte[] text, int from, int to) throws UnreadableException {
    return read(text, from + SPANS.length, to, Traces::ofOtlp);
  }

  static Metrics metrics(byte[] text, int from, int to) throws UnreadableException {
    return read(text, from + METRICS.length, to, Metrics::ofOtlp);
  }

  private interface Reader<B extends Batch> {
    B read(byte[] otlp) throws MalformedBatchException;
  }

  private static <B extends Batch> B read(byte[] text, int from, int to, Reader<B> reader)
      throws UnreadableException {
    try {
      var batch = reader.read(Base64.getDecoder().decode(Arrays.copyOfRange(text, from, to)));
      if (batch.items() == 0) throw new UnreadableException("no_document", "OTLP without an item");
      return batch;
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("not_base64", "no base64: " + e.getMessage());
    } catch (MalformedBatchException e) {
      throw new UnreadableException("not_otlp", "no OTLP: " + e.getMessage());
    }
  }

  /** There is nothing in it to be taken. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    private UnreadableException(String reason, String message) {
      super(message);
      this.reason = reason;
    }

    /** A word for counting. */
    String reason() {
      return reason;
    }
  }
}
