package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.ScriptedAws;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segments that X-Ray's SDKs send by UDP while X-Ray takes nothing: where the X-Ray daemon spills
 * at 20 batches, they wait on disk, and outlive the process.
 */
@Timeout(180)
class DatagramsOnDiskTest {
  private static final int SEGMENTS = 3000;
  private static final int AT_ONCE = 50;

  @TempDir Path dir;

  @Test
  void segmentsThatXrayDoesNotTake_waitAndOutliveAKill() throws Exception {
    int udp = CollectorProcess.freePort();
    int pages = CollectorProcess.freePort();
    try (var aws = new ScriptedAws()) {
      aws.always(AwsAnswer.error(503, "ServiceUnavailable"));
      String yaml = config(udp, pages, aws);
      var env = Map.of("AWS_ACCESS_KEY_ID", "AKIATEST", "AWS_SECRET_ACCESS_KEY", "s");
      Set<String> sent = new HashSet<>();
      try (var collector = CollectorProcess.launch(dir, yaml, env);
          var socket = new DatagramSocket()) {
        collector.await("\tready");
        for (int i = 0; i < SEGMENTS; i++) {
          sent.add(send(socket, udp, i));
          // No faster than they are taken: what the kernel drops is not ours to keep.
          int count = i + 1;
          if (count % AT_ONCE == 0) Drops.await(pages, page -> page.accepted() == count);
        }
        assertThat(Drops.read(pages).dropped()).isZero();
        collector.signal("KILL");
        collector.exitCode();
      }

      aws.always(AwsAnswer.ok());
      try (var collector = CollectorProcess.launch(dir, yaml, env)) {
        collector.await("\tready");
        var drops = Drops.await(pages, page -> page.queued() == 0);
        assertThat(drops.dropped()).isZero();
        assertThat(drops.delivered()).isEqualTo(SEGMENTS);
      }
      assertThat(new HashSet<>(aws.documentIds())).isEqualTo(sent);
    }
  }

  private static String send(DatagramSocket socket, int port, int number) throws Exception {
    String document =
        """
        {"name":"shop","id":"%016x","trace_id":"1-6922d1c0-%024x","start_time":1763889600.5,\
        "end_time":1763889600.75}\
        """
            .formatted(number + 1, number + 1);
    byte[] bytes =
        ("{\"format\": \"json\", \"version\": 1}\n" + document).getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName("127.0.0.1"), port));
    return AwsCall.idOf(document);
  }

  private String config(int udp, int pages, ScriptedAws aws) {
    return """
    receivers:
      awsxray: {endpoint: "127.0.0.1:%1$d", proxy_server: {endpoint: "127.0.0.1:0", region: eu-west-1}}
    exporters:
      awsxray:
        endpoint: %2$s
        region: eu-west-1
        sending_queue: {storage: file_storage, queue_size: 100000}
        retry_on_failure: {initial_interval: 10ms, max_interval: 100ms, max_elapsed_time: 0s}
    extensions:
      zpages: {endpoint: "127.0.0.1:%3$d"}
      file_storage: {directory: "%4$s", create_directory: true}
    service:
      extensions: [zpages, file_storage]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [awsxray], exporters: [awsxray]}}
    """
        .formatted(udp, aws.url(), pages, dir.resolve("queue"));
  }
}
