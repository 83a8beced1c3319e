package io.raybridge.receivers.awsxray;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Ledger.Drop;
import io.raybridge.api.Outputs;
import io.raybridge.api.Periodic;
import io.raybridge.api.Receiver;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsService;
import io.raybridge.data.Signal;
import io.raybridge.sampling.ServedRules;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import io.raybridge.transport.UdpServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stands where the X-Ray daemon stood: documents on a UDP port, sampling rules on a TCP port. */
final class AwsXrayReceiver implements Receiver {
  /** Batches of single documents would fill queues that count batches. */
  private static final Duration GATHER = Duration.ofMillis(50);

  private static final Duration LOOK_FOR_DROPS = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More than the processes of a machine; one silent peer must not use up the file handles. */
  private static final int MOST_CONNECTIONS = 1_000;

  private final AwsXrayReceiverConfig config;
  private final Outputs outputs;
  private final Context context;
  private final Counter droppedByKernel;
  private @Nullable Intake intake;
  private @Nullable UdpServer udp;
  private @Nullable HttpServer tcp;
  private @Nullable AwsClient aws;
  private @Nullable ServedRules rules;
  private @Nullable Periodic watch;
  private long knownDrops;

  AwsXrayReceiver(AwsXrayReceiverConfig config, Outputs outputs, Context context) {
    this.config = config;
    this.outputs = outputs;
    this.context = context;
    droppedByKernel =
        context
            .telemetry()
            .counter(
                "otelcol_raybridge_udp_dropped_datagrams",
                "{datagram}",
                "Datagrams that the kernel has thrown away because its buffer was full.");
  }

  @Override
  public void start() throws IOException {
    intake = new Intake(config.deadLetters(), context);
    var datagrams = new Datagrams(outputs.over("udp"), intake, context);
    udp = UdpServer.start(context, "udp", config.endpoint(), GATHER, datagrams);
    var proxy = config.proxyServer();
    var client =
        new AwsClient(AwsService.XRAY, proxy.session(), proxy.tls().serverNameOverride(), context);
    aws = client;
    if (proxy.rules().isLocal()) {
      rules = new ServedRules(proxy.rules(), context);
      rules.start();
    }
    var next = outputs.over("tcp").traces();
    var handler = new XrayApi(next, intake, client, rules, context);
    tcp =
        HttpServer.start(
            context, "tcp", proxy.endpoint(), server(), timeouts(), MOST_CONNECTIONS, handler);
    client.prepare();
    var server = udp;
    watch = context.clock().every(LOOK_FOR_DROPS, () -> tellDrops(server.droppedByKernel()));
    context.log().log(
        Level.INFO,
        "X-Ray segments on {0} (UDP), sampling rules on {1} (TCP)",
        config.endpoint(),
        proxy.endpoint());
  }

  private static HttpServerConfig server() {
    var defaults = HttpServerConfig.DEFAULT;
    return new HttpServerConfig(
        defaults.transport(),
        Optional.empty(),
        Optional.empty(),
        defaults.maxRequestBodySize(),
        Map.of(),
        List.of(),
        PATIENCE);
  }

  private static HttpTimeouts timeouts() {
    return new HttpTimeouts(PATIENCE, PATIENCE, Duration.ofMinutes(1), true);
  }

  private synchronized void tellDrops(long now) {
    long more = now - knownDrops;
    if (more <= 0) return;
    knownDrops = now;
    droppedByKernel.add(more);
    var detail =
        "the kernel's buffer for the UDP port was full: larger with sysctl net.core.rmem_max";
    context.ledger().dropped(new Drop(Signal.TRACES, more, "socket_buffer_full", null, detail));
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (tcp != null) tcp.stop(deadline);
    if (watch != null) watch.close();
    if (udp != null) {
      tellDrops(udp.droppedByKernel());
      udp.stop(deadline);
    }
    if (rules != null) rules.stop(deadline);
    if (aws != null) aws.close();
    if (intake != null) intake.close();
  }

  int udpPort() {
    return udp == null ? 0 : udp.port();
  }

  int tcpPort() {
    return tcp == null ? 0 : tcp.port();
  }
}
