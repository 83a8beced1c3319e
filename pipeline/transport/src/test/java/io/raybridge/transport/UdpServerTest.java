package io.raybridge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UdpServerTest {
  private static final int HANDED_ON_AT_ONCE = 99;

  private final TestContext test = TestContext.of(Kind.RECEIVER, "udp");
  private final LinkedBlockingQueue<List<Integer>> flushed = new LinkedBlockingQueue<>();
  private @Nullable UdpServer server;

  private final class Gathering implements UdpServer.Handler {
    private List<Integer> lengths = new ArrayList<>();

    @Override
    public boolean take(byte[] bytes, int offset, int length) {
      if (length == 13) throw new IllegalStateException("a bug");
      lengths.add(length);
      if (length == HANDED_ON_AT_ONCE) flush();
      return !lengths.isEmpty();
    }

    @Override
    public void flush() {
      flushed.add(lengths);
      lengths = new ArrayList<>();
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) server.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
  }

  @Test
  void datagrams_areTakenWholeAndFlushedTogether() throws Exception {
    start("127.0.0.1:0", new Gathering());

    send(5, 65_507, 0);

    assertThat(lengths(3)).containsExactly(5, 65_507, 0);
  }

  @Test
  void ipv6AndEveryInterface_areServed() throws Exception {
    start("[::1]:0", new Gathering());
    send(InetAddress.getByName("::1"), 7);
    assertThat(lengths(1)).containsExactly(7);
    stop();

    start(":0", new Gathering());
    send(8);
    assertThat(lengths(1)).containsExactly(8);
  }

  @Test
  void aBugInTheHandler_costsOneDatagram() throws Exception {
    start("127.0.0.1:0", new Gathering());

    send(1, 13, 2);

    assertThat(lengths(2)).containsExactly(1, 2);
    assertThat(test.log().lines()).anyMatch(line -> line.contains("by a bug"));
  }

  @Test
  void stop_takesWhatHasArrived() throws Exception {
    start("127.0.0.1:0", Duration.ofHours(1), new Gathering());
    send(1, 2, 3);

    stop();

    assertThat(lengths(3)).containsExactly(1, 2, 3);
  }

  @Test
  void whatTheHandlerHasHandedOnItself_isNotFlushed() throws Exception {
    start("127.0.0.1:0", Duration.ofHours(1), new Gathering());
    send(1, HANDED_ON_AT_ONCE);
    assertThat(lengths(2)).containsExactly(1, HANDED_ON_AT_ONCE);

    stop();

    assertThat(flushed).isEmpty();
  }

  @Test
  void portInUse_isNamed() throws Exception {
    var first = start("127.0.0.1:0", new Gathering());

    assertThatThrownBy(() ->
            UdpServer.start(
                test.context(), "udp", "127.0.0.1:" + first.port(), Duration.ZERO, new Gathering()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("udp endpoint 127.0.0.1:" + first.port())
        .hasMessageContaining("in use");
  }

  @Test
  void whatTheKernelThrowsAway_isCounted() throws Exception {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"));
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var opened =
        start(
            "127.0.0.1:0",
            new UdpServer.Handler() {
              @Override
              public boolean take(byte[] bytes, int offset, int length) {
                inside.countDown();
                try {
                  go.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return false;
              }

              @Override
              public void flush() {}
            });
    send(1);
    inside.await();
    int tooMany = opened.receiveBuffer() / 32_000 + 200;

    for (int i = 0; i < tooMany; i++) send(60_000);

    assertThat(opened.droppedByKernel()).isBetween(1L, (long) tooMany);
    assertThat(
            test.telemetry().gauge("otelcol_raybridge_udp_receive_buffer_bytes", "protocol", "udp"))
        .isEqualTo(opened.receiveBuffer());
    go.countDown();
  }

  @Test
  void kernelsTable_isReadByPort() {
    var table =
        """
           sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
          12: 0100007F:07D0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 41
          13: 0100007F:17D0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 7
          14: 0200007F:07D0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 1
        """;

    assertThat(drops(table)).isEqualTo(42);
    assertThat(drops(table.strip())).isEqualTo(42);
    assertThat(drops("")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no line but the head",
        "head\n0: :07D0",
        "head\n0: 0",
        "head\n:07D0 1",
        "head\n0: 0:07D0 2 3 4 5 6 7 8 9 10 11 ffffffff",
        "head\n\n \n0: 0:17D0 2 3 4 5 6 7 8 9 10 11 12",
      })
  void kernelsTableOfAnotherForm_countsNothing(String table) {
    assertThat(drops(table)).isZero();
  }

  private static long drops(String table) {
    var bytes = table.getBytes(StandardCharsets.US_ASCII);
    return SocketDrops.count(bytes, bytes.length, ":07D0".getBytes(StandardCharsets.US_ASCII));
  }

  private UdpServer start(String endpoint, UdpServer.Handler handler) throws IOException {
    return start(endpoint, Duration.ofMillis(20), handler);
  }

  private UdpServer start(String endpoint, Duration gather, UdpServer.Handler handler)
      throws IOException {
    var started = UdpServer.start(test.context(), "udp", endpoint, gather, handler);
    server = started;
    return started;
  }

  private void send(int... lengths) throws IOException {
    send(InetAddress.getByName("127.0.0.1"), lengths);
  }

  private void send(InetAddress to, int... lengths) throws IOException {
    var port = server == null ? 0 : server.port();
    try (var socket = new DatagramSocket()) {
      for (int length : lengths) {
        socket.send(new DatagramPacket(new byte[length], length, to, port));
      }
    }
  }

  private List<Integer> lengths(int count) throws InterruptedException {
    var all = new ArrayList<Integer>();
    while (all.size() < count) {
      var some = flushed.poll(20, TimeUnit.SECONDS);
      if (some == null) throw new AssertionError("only " + all);
      all.addAll(some);
    }
    return all;
  }
}
