package io.raybridge.receivers.otlp;

import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.ArrayList;
import java.util.List;

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

  Outcome protobuf(byte[] body) {
    return take(protobuf, body);
  }

  Outcome json(byte[] body) {
    return take(json, body);
  }

  private Outcome take(Decoder<B> decoder, byte[] body) {
    B batch;
    try {
      batch = decoder.decode(body);
    } catch (MalformedBatchException e) {
      return Outcome.invalid("not an OTLP " + signal.key() + " request: " + e.getMessage());
    }
    // An empty request is allowed by OTLP and is nobody's business further on.
    return batch.items() == 0 ? Outcome.ACCEPTED : next.consume(batch);
  }

  private interface Decoder<B> {
    B decode(byte[] body) throws MalformedBatchException;
  }
}
