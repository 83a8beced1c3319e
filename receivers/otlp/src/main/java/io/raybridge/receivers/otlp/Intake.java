package io.raybridge.receivers.otlp;

import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.data.Batch;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One signal's way into the pipelines: bytes in, outcome out. */
final class Intake<B extends Batch> {
  private final Signal signal;
  private final Decoder<B> protobuf;
  private final Decoder<B> json;
  private final Consumer<B> next;

  private Intake(Signal signal, Decoder<B> protobuf, Decoder<B> json, Consumer<B> next) {
    this.signal = signal;
    this.protobuf = protobuf;
    this.json = json;
    this.next = next;
  }

  /** The signals that a pipeline takes. */
  static List<Intake<?>> of(Outputs outputs) {
    var intakes = new ArrayList<Intake<?>>();
    outputs
        .traces()
        .ifPresent(next ->
            intakes.add(new Intake<>(Signal.TRACES, Traces::ofOtlp, Traces::ofOtlpJson, next)));
    outputs
        .metrics()
        .ifPresent(next ->
            intakes.add(new Intake<>(Signal.METRICS, Metrics::ofOtlp, Metrics::ofOtlpJson, next)));
    outputs
        .logs()
        .ifPresent(
            next -> intakes.add(new Intake<>(Signal.LOGS, Logs::ofOtlp, Logs::ofOtlpJson, next)));
    return intakes;
  }

  Signal signal() {
    return signal;
  }

  /**
   * @param client what was sent beside the request, where it is kept
   */
  Outcome protobuf(byte[] body, @Nullable ClientMetadata client) {
    return take(protobuf, body, client);
  }

  /**
   * @param client what was sent beside the request, where it is kept
   */
  Outcome json(byte[] body, @Nullable ClientMetadata client) {
    return take(json, body, client);
  }

  /**
   * Takes a request on a thread that must not wait.
   *
   * @param client what was sent beside the request, where it is kept
   * @param answer what to make of the outcome, if the pipeline has one at once
   * @param later what to make of that which gives the outcome on a thread that may wait
   */
  <R> R protobufNow(
      byte[] body,
      @Nullable ClientMetadata client,
      Function<Outcome, ? extends R> answer,
      Function<Supplier<Outcome>, R> later) {
    B batch;
    try {
      batch = protobuf.decode(body);
    } catch (MalformedBatchException e) {
      return answer.apply(malformed(e));
    }
    if (batch.items() == 0) return answer.apply(Outcome.ACCEPTED);
    batch.client(client);
    var outcome = next.consumeNow(batch);
    return outcome == null ? later.apply(() -> next.consume(batch)) : answer.apply(outcome);
  }

  private Outcome take(Decoder<B> decoder, byte[] body, @Nullable ClientMetadata client) {
    B batch;
    try {
      batch = decoder.decode(body);
    } catch (MalformedBatchException e) {
      return malformed(e);
    }
    batch.client(client);
    // An empty request is allowed by OTLP and is nobody's business further on.
    return batch.items() == 0 ? Outcome.ACCEPTED : next.consume(batch);
  }

  private Outcome malformed(MalformedBatchException e) {
    return Outcome.invalid("not an OTLP " + signal.key() + " request: " + e.getMessage());
  }

  private interface Decoder<B> {
    B decode(byte[] body) throws MalformedBatchException;
  }
}
