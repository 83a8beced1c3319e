package io.raybridge.receivers.otlp;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.api.Outputs;
import io.raybridge.config.Binder;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A receiver made from YAML, started on free ports, in front of consumers that keep everything. */
final class Receiving implements AutoCloseable {
  static final String BOTH =
      "protocols: {grpc: {endpoint: 'localhost:0'}, http: {endpoint: 'localhost:0'}}";

  final RecordingConsumer<Traces> traces = new RecordingConsumer<>();
  final RecordingConsumer<Metrics> metrics = new RecordingConsumer<>();
  final RecordingConsumer<Logs> logs = new RecordingConsumer<>();
  final TestContext context = TestContext.of(Kind.RECEIVER, "otlp");
  final OtlpReceiver receiver;

  private Receiving(String yaml, boolean onlyTraces) throws Exception {
    var outputs =
        onlyTraces
            ? new Outputs(Optional.of(traces), Optional.empty(), Optional.empty())
            : new Outputs(Optional.of(traces), Optional.of(metrics), Optional.of(logs));
    var config = Binder.bind(OtlpReceiverConfig.class, yaml).orThrow();
    receiver = (OtlpReceiver) new OtlpReceiverFactory().create(config, outputs, context.context());
    try {
      receiver.start();
    } catch (IOException e) {
      close(); // as the engine does
      throw e;
    }
  }

  static Receiving with(String yaml) throws Exception {
    return new Receiving(yaml, false);
  }

  static Receiving onlyTraces() throws Exception {
    return new Receiving(BOTH, true);
  }

  URI http(String path) {
    return URI.create("http://localhost:" + receiver.httpPort() + path);
  }

  @Override
  public void close() throws Exception {
    receiver.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
  }
}
