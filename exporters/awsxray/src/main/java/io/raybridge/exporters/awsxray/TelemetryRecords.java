package io.raybridge.exporters.awsxray;

import io.raybridge.api.Clock;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.exporters.awsxray.AwsXrayExporterConfig.TelemetryConfig;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * Sends X-Ray a record of the exporter's own counts once a minute, as the X-Ray daemon does: from
 * the first span on, ten records a call, the last 30 kept while calls fail.
 */
final class TelemetryRecords {
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int KEPT = 30;
  private static final int PER_CALL = 10;

  private final AwsClient client;
  private final Counts counts;
  private final Clock clock;
  private final String metadata;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();

  TelemetryRecords(
      AwsClient client,
      Counts counts,
      Clock clock,
      TelemetryConfig config,
      Optional<String> exportersArn) {
    this.client = client;
    this.counts = counts;
    this.clock = clock;
    this.metadata = config.includeMetadata() ? metadata(config, exportersArn) : "";
  }

  /** Sends until interrupted, and what is left then. */
  void run() {
    try {
      while (true) {
        clock.sleep(EVERY);
        sendDue();
      }
    } catch (InterruptedException e) {
      // stopped; the thread ends here
    }
  }

  /** Sends a record of what has been counted since the last, and those that still wait. */
  void sendDue() throws InterruptedException {
    if (counts.anyReceived()) {
      var now = clock.now();
      waiting.addLast(counts.takeRecord(now.getEpochSecond() + "." + now.getNano() / 1_000_000));
      if (waiting.size() > KEPT) waiting.removeFirst();
    }
    while (!waiting.isEmpty()) {
      var some = waiting.stream().limit(PER_CALL).toList();
      if (!sent(some)) return;
      for (int i = 0; i < some.size(); i++) waiting.removeFirst();
    }
  }

  private boolean sent(List<String> records) throws InterruptedException {
    var body = "{\"TelemetryRecords\":[" + String.join(",", records) + "]" + metadata + "}";
    var headers = new Headers().add("content-type", "application/json");
    var slice = Slice.of(body.getBytes(StandardCharsets.UTF_8));
    return switch (client.post("/TelemetryRecords", headers, List.of(slice))) {
      case AwsReply.Done _ -> true;
      case AwsReply.Failed(var failure) -> {
        counts.failed(failure);
        yield false;
      }
    };
  }

  private static String metadata(TelemetryConfig config, Optional<String> exportersArn) {
    var host =
        config.hostname().or(() -> environment("AWS_HOSTNAME")).orElseGet(TelemetryRecords::host);
    var instance = config.instanceId().or(() -> environment("AWS_INSTANCE_ID")).orElse("");
    var arn = config.resourceArn().or(() -> exportersArn).orElse("");
    return member("Hostname", host)
        + member("EC2InstanceId", instance)
        + member("ResourceARN", arn);
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  private static String member(String name, String value) {
    if (value.isEmpty()) return "";
    var text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') text.append('\\');
      if (c >= ' ') text.append(c);
    }
    return ",\"" + name + "\":\"" + text + "\"";
  }
}
