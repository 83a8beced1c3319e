package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Batching;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsService;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.delivery.DeliveryQueue;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Limits;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.SendResult;
import io.raybridge.delivery.Sender;
import io.raybridge.delivery.SendingQueueConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends metrics to CloudWatch by PutMetricData. The queue holds data points for the flush interval,
 * so that what is acknowledged is counted until it is delivered.
 */
final class AwsCloudWatchMetricsExporter implements Exporter, Redelivery.Able {
  private static final int MOST_CALLS_IN_FLIGHT = 16;
  private static final int FLUSH_AT_POINTS = 20_000;

  private final AwsCloudWatchMetricsExporterConfig config;
  private final Context context;
  private final DeliveryQueue<Metrics, MetricPayload> queue;
  private @Nullable AwsClient client;
  private @Nullable MetricSender sender;

  AwsCloudWatchMetricsExporter(AwsCloudWatchMetricsExporterConfig config, Context context) {
    this.config = config;
    this.context = context;
    var deltas = new Deltas(context.clock());
    int calls = config.session().numWorkers().orElse(MOST_CALLS_IN_FLIGHT);
    this.queue =
        new DeliveryQueue<>(
            context,
            Signal.METRICS,
            oneAtATime(config.sendingQueue()),
            config.retryOnFailure().forQueue(),
            Limits.ofRequests(calls),
            config.deadLetters(),
            () -> new MetricEncoder(config, deltas, context),
            new ToStarted());
    queue
        .batching()
        .ifPresent(batching ->
            batching.batch(new BatchRequest(FLUSH_AT_POINTS, 0, config.flushInterval())));
  }

  /** Cumulative points must be looked at in their order. */
  private static SendingQueueConfig oneAtATime(SendingQueueConfig config) {
    return new SendingQueueConfig(
        config.enabled(),
        1,
        config.sizer(),
        config.queueSize(),
        config.maxBytes(),
        config.blockOnOverflow(),
        config.waitForResult(),
        config.storage(),
        config.batch());
  }

  @Override
  public Consumer<Metrics> metrics() {
    return queue;
  }

  /** The flush interval does what a batch processor in front asks for. */
  @Override
  public Optional<Batching> batching(Signal signal) {
    return queue.batching().map(_ -> _ -> {});
  }

  @Override
  public void start() throws IOException {
    var opened = new AwsClient(AwsService.CLOUDWATCH, config.session(), context);
    client = opened;
    sender = new MetricSender(opened);
    opened.prepare();
    queue.start();
  }

  /** The queue is made before there is anything to send with. */
  private final class ToStarted implements Sender<MetricPayload> {
    @Override
    public SendResult<MetricPayload> send(MetricPayload payload) throws InterruptedException {
      var opened = sender;
      if (opened == null) throw new IllegalStateException("the queue sends before the start");
      return opened.send(payload);
    }

    @Override
    public List<MetricPayload> halves(MetricPayload payload, Failure why) {
      return payload.halves();
    }
  }

  @Override
  public Redelivery redelivery() {
    var opened = new AwsClient(AwsService.CLOUDWATCH, config.session(), context);
    opened.prepare();
    return new MetricRedelivery(opened, config.retryOnFailure().forQueue(), context.clock());
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    queue.stop(deadline);
    if (client != null) client.close();
  }
}
