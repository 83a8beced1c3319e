package io.raybridge.receivers.awsxray;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Ledger.Drop;
import io.raybridge.api.Outcome;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.delivery.DeadLetters;
import io.raybridge.delivery.Document;
import io.raybridge.xray.MalformedSegmentException;
import io.raybridge.xray.SegmentDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The way of documents into the pipeline, and the accounts of those that do not find it. */
final class Intake implements SegmentDocuments.Lost, AutoCloseable {
  private final Context context;
  private final DeadLetters letters;
  private final Map<String, Counter> rejected = new ConcurrentHashMap<>();

  Intake(DeadLetterConfig config, Context context) {
    this.context = context;
    letters = new DeadLetters(context, Signal.TRACES, config);
  }

  /** Hands documents on; those that are refused become dead letters where nobody sends again. */
  Outcome handOn(SegmentDocuments documents, Consumer<Traces> next, boolean sentAgain) {
    var batch = Traces.of(documents);
    // Who is calm sends from this thread, while the bytes are in the processor's cache.
    var now = next.consumeNow(batch);
    var outcome = now == null ? next.consume(batch) : now;
    String why =
        switch (outcome) {
          case Outcome.Accepted _, Outcome.Partial _ -> "";
          case Outcome.Retry retry -> retry.reason();
          case Outcome.Rejected refused -> refused.reason();
        };
    if (why.isEmpty() || sentAgain) return outcome;
    var kept = new ArrayList<Document>();
    documents.forEach((document, traceId, id) -> kept.add(letter(document, traceId, id)));
    var traceId = kept.isEmpty() ? null : kept.getFirst().traceId();
    letters.keep("refused", "refused", why, kept);
    context.ledger().dropped(new Drop(Signal.TRACES, documents.items(), "refused", traceId, why));
    return outcome;
  }

  /** A document that cannot be a span where somebody asked for spans. */
  @Override
  public void lost(
      byte[] document,
      @Nullable String traceId,
      @Nullable String id,
      MalformedSegmentException why) {
    var message = String.valueOf(why.getMessage());
    // Spans that nobody sampled were never to be kept by anybody.
    if (!why.reason().equals("unsampled"))
      letters.keep(why.reason(), why.reason(), message, List.of(letter(document, traceId, id)));
    context.ledger().dropped(new Drop(Signal.TRACES, 1, why.reason(), traceId, message));
  }

  private static Document letter(byte[] document, @Nullable String traceId, @Nullable String id) {
    return new Document(traceId, id, "", 1, SegmentDocuments.jsonString(document));
  }

  /** What came in and is no document: counted by reason. */
  void reject(String reason) {
    rejected
        .computeIfAbsent(
            reason,
            word ->
                context
                    .telemetry()
                    .counter(
                        "otelcol_raybridge_awsxray_rejected_segments",
                        "{segment}",
                        "Datagrams and documents that are no segment documents, by reason.",
                        "reason",
                        word))
        .add(1);
  }

  @Override
  public void close() {
    letters.close();
  }
}
