package io.raybridge.exporters.awsxray;

import io.raybridge.api.Batching;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.Outcome;
import io.raybridge.api.Periodic;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsService;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeliveryQueue;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Limits;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.SendResult;
import io.raybridge.delivery.Sender;
import io.raybridge.xray.DocumentBuffer;
import io.raybridge.xray.SegmentDocuments;
import io.raybridge.xray.TraceBudget;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends spans to AWS X-Ray as segment documents; the queue in front of it keeps and retries. */
final class AwsXrayExporter implements Exporter, Redelivery.Able {
  /**
   * Half a millisecond's work of translation, for which a thread that serves sockets may be held.
   */
  private static final int BYTES_AT_ONCE = 512 << 10;

  private final AwsXrayExporterConfig config;
  private final Context context;
  private final Counts counts = new Counts();

  private final Buffers buffers = new Buffers();
  private final DeliveryQueue<Traces, SegmentPayload> queue;
  private @Nullable AwsClient client;
  private @Nullable SegmentSender sender;
  private @Nullable Periodic tidying;
  private @Nullable Thread telemetry;

  AwsXrayExporter(AwsXrayExporterConfig config, Context context) {
    this.config = config;
    this.context = context;
    var notes = new Notes(context);
    var budget = new TraceBudget(config.traceBudget().choice().orElse(null), context.clock()::now);
    int calls = config.session().mostRequests();
    long bytes = Limits.ofRequests(calls).bytes();
    this.queue =
        new DeliveryQueue<>(
            context,
            Signal.TRACES,
            config.sendingQueue(),
            config.retryOnFailure().forQueue(),
            new Limits(
                calls,
                bytes,
                config.maxSegmentsPerSecond(),
                DocumentBuffer.DOCUMENTS_PER_CALL,
                BYTES_AT_ONCE),
            config.deadLetters(),
            () -> new SegmentPayloads(config.translation(), buffers, notes, budget, context),
            new ToStarted());
  }

  @Override
  public Consumer<Traces> traces() {
    return new Consumer<>() {
      @Override
      public Outcome consume(Traces batch) {
        int spans = batch.items();
        return counted(queue.consume(carried(batch)), spans);
      }

      @Override
      public @Nullable Outcome consumeNow(Traces batch) {
        int spans = batch.items();
        var outcome = queue.consumeNow(carried(batch));
        return outcome == null ? null : counted(outcome, spans);
      }
    };
  }

  /** Segment documents go on as they are, in a form that the queue can keep. */
  private static Traces carried(Traces batch) {
    return batch.foreign(SegmentDocuments.class).map(SegmentDocuments::carried).orElse(batch);
  }

  @Override
  public Optional<Batching> batching(Signal signal) {
    return queue.batching();
  }

  private Outcome counted(Outcome outcome, int spans) {
    if (!config.telemetry().enabled()) return outcome;
    counts.received(spans);
    if (!(outcome instanceof Outcome.Accepted)) counts.spilled(spans);
    return outcome;
  }

  @Override
  public void start() throws Exception {
    var opened = new AwsClient(AwsService.XRAY, config.session(), context);
    client = opened;
    sender = new SegmentSender(opened, buffers, counts, context.clock());
    opened.prepare();
    queue.start();
    tidying = context.clock().every(Buffers.LOOK, buffers::trim);
    if (config.telemetry().enabled()) {
      var records =
          new TelemetryRecords(
              opened, counts, context.clock(), config.telemetry(), config.session().resourceArn());
      telemetry = Thread.ofVirtual().name(context.id() + "-telemetry").start(records::run);
    }
  }

  /** The queue is made before there is anything to send with. */
  private final class ToStarted implements Sender<SegmentPayload> {
    @Override
    public SendResult<SegmentPayload> send(SegmentPayload payload) throws InterruptedException {
      var opened = sender;
      if (opened == null) throw new IllegalStateException("the queue sends before the start");
      return opened.send(payload);
    }

    @Override
    public List<SegmentPayload> halves(SegmentPayload payload, Failure why) {
      return payload.halves(buffers);
    }
  }

  @Override
  public Redelivery redelivery() {
    var opened = new AwsClient(AwsService.XRAY, config.session(), context);
    opened.prepare();
    return new SegmentRedelivery(opened, config.retryOnFailure().forQueue(), context.clock());
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (tidying != null) tidying.close();
    if (telemetry != null) telemetry.interrupt();
    queue.stop(deadline);
    if (client != null) client.close();
  }
}
