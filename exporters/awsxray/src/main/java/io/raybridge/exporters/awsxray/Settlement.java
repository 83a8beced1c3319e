package io.raybridge.exporters.awsxray;

import io.raybridge.aws.AwsErrors;
import io.raybridge.delivery.Document;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Failure.Kind;
import io.raybridge.delivery.Rejection;
import io.raybridge.delivery.SendResult;
import io.raybridge.xray.DocumentBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the spans of one call by what X-Ray said of their documents. A span with two documents goes
 * as one: if either is to be sent again, both are, which X-Ray takes since ids are the same.
 */
final class Settlement {
  private final DocumentBuffer body;
  private final @Nullable Unprocessed[] verdicts;
  private final List<Rejection> rejections = new ArrayList<>();
  private @Nullable DocumentBuffer again;
  private @Nullable Failure failure;

  private Settlement(DocumentBuffer body) {
    this.body = body;
    this.verdicts = new Unprocessed[body.count()];
  }

  /** What became of the spans of a payload. */
  static SendResult<SegmentPayload> of(
      SegmentPayload payload, List<Unprocessed> unprocessed, Buffers buffers) {
    return new Settlement(payload.body()).settle(payload, unprocessed, buffers);
  }

  private SendResult<SegmentPayload> settle(
      SegmentPayload payload, List<Unprocessed> unprocessed, Buffers buffers) {
    for (var entry : unprocessed) match(entry);
    for (int first = 0; first < verdicts.length; ) {
      int end = first + 1;
      while (end < verdicts.length && body.spans(end) == 0) end++;
      settleSpan(first, end, buffers);
      first = end;
    }
    int rejected = 0;
    for (var rejection : rejections) rejected += rejection.items();
    var remaining = again == null ? null : SegmentPayload.of(again);
    int delivered = payload.items() - rejected - (remaining == null ? 0 : remaining.items());
    return new SendResult<>(delivered, remaining, failure, rejections);
  }

  /** An entry without a readable id cannot be told from the others: it takes the next document. */
  private void match(Unprocessed entry) {
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] == null && (entry.id() == 0 || entry.id() == body.segmentId(i))) {
        verdicts[i] = entry;
        return;
      }
    }
  }

  private void settleSpan(int first, int end, Buffers buffers) {
    Unprocessed worst = null;
    for (int i = first; i < end; i++) {
      var verdict = verdicts[i];
      if (verdict == null) continue;
      if (retryable(verdict)) {
        sendAgain(first, end, verdict, buffers);
        return;
      }
      worst = verdict;
    }
    if (worst != null) reject(first, end, worst);
  }

  private static boolean retryable(Unprocessed entry) {
    var kind = AwsErrors.kindOf(entry.code());
    return kind != null && kind != Kind.FINAL;
  }

  private void sendAgain(int first, int end, Unprocessed why, Buffers buffers) {
    if (again == null) again = buffers.take();
    for (int i = first; i < end; i++) again.append(body, i);
    if (failure == null) {
      var kind = AwsErrors.kindOf(why.code());
      failure =
          new Failure(
              kind == null ? Kind.UNAVAILABLE : kind,
              why.code(),
              "X-Ray left segments unprocessed: " + why.code() + " " + why.message(),
              null);
    }
  }

  private void reject(int first, int end, Unprocessed why) {
    var documents = new ArrayList<Document>();
    for (int i = first; i < end; i++) documents.add(SegmentPayload.document(body, i));
    var trace = SegmentPayloads.traceId(body.traceHigh(first), body.traceLow(first));
    rejections.add(new Rejection(body.spans(first), why.code(), why.message(), trace, documents));
  }
}
