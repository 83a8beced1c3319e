package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays destinations of known latency and capacity against the limit, in simulated time. */
class ConcurrencyLimitTest {
  private static final long MILLI = 1_000_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100, 400})
  void slowButWideDestination_getsAllTheRequestsItsLatencyNeeds(int latencyMillis) {
    var destination = new Destination(512, latencyMillis, Integer.MAX_VALUE);

    destination.run(30_000);
    double perSecond = destination.run(5_000);

    assertThat(perSecond).isGreaterThan(0.9 * 512 * 1000 / latencyMillis);
  }

  @Test
  void hundredMilliseconds_areFilledWithinTwoSeconds() {
    var destination = new Destination(512, 100, Integer.MAX_VALUE);

    destination.run(2_000);

    assertThat(destination.limit.current()).isGreaterThan(360);
  }

  @Test
  void destinationThatWorksOnFewAtOnce_isNotDrownedInRequests() {
    var destination = new Destination(512, 20, 32);

    destination.run(20_000);
    double perSecond = destination.run(10_000);

    assertThat(perSecond).isGreaterThan(0.9 * 32 * 1000 / 20);
    assertThat(destination.most).isLessThanOrEqualTo(128);
  }

  @Test
  void latencyThatGrows_isAnsweredWithMoreInFlight() {
    var destination = new Destination(512, 20, Integer.MAX_VALUE);
    destination.demandPerSecond = 3_600;
    destination.run(10_000);

    destination.latency = 100 * MILLI;
    destination.run(10_000);
    double perSecond = destination.run(5_000);

    assertThat(perSecond).isGreaterThan(0.95 * 3_600);
  }

  @Test
  void noDemand_noGrowth() {
    var destination = new Destination(512, 20, Integer.MAX_VALUE);
    destination.demandPerSecond = 100;

    destination.run(10_000);

    assertThat(destination.limit.current()).isEqualTo(16);
  }

  @Test
  void failures_halveOncePerRoundTrip() {
    var limit = new ConcurrencyLimit(512, 0);

    for (int i = 0; i < 16; i++) limit.failed(0, 10 + i);
    assertThat(limit.current()).isEqualTo(8);

    limit.failed(20, 40);
    assertThat(limit.current()).isEqualTo(4);
  }

  @Test
  void outage_endsAtOneRequestAndRecovers() {
    var limit = new ConcurrencyLimit(512, 0);
    long now = 0;
    for (int i = 0; i < 20; i++) limit.failed(now, now += MILLI);
    assertThat(limit.current()).isEqualTo(1);

    for (int i = 0; i < 2_000; i++) {
      limit.full();
      limit.delivered(now, now += MILLI / 4);
    }

    assertThat(limit.current()).isGreaterThanOrEqualTo(16);
  }

  @Test
  void limit_neverExceedsItsMaximum() {
    var destination = new Destination(3, 50, Integer.MAX_VALUE);

    destination.run(20_000);

    assertThat(destination.most).isEqualTo(3);
  }

  /** Takes {@code width} requests at a time, each for the latency, the others wait their turn. */
  private static final class Destination {
    final ConcurrencyLimit limit;
    final int width;
    long latency;
    int demandPerSecond = Integer.MAX_VALUE;
    int most;
    private long now;
    private long nextDemand;
    private int inFlight;
    private final PriorityQueue<long[]> ends =
        new PriorityQueue<>((a, b) -> Long.compare(a[1], b[1]));
    private final PriorityQueue<Long> places = new PriorityQueue<>();

    Destination(int max, int latencyMillis, int width) {
      limit = new ConcurrencyLimit(max, 0);
      latency = latencyMillis * MILLI;
      this.width = width;
    }

    /** Runs for so long and returns the deliveries per second. */
    double run(long millis) {
      long end = now + millis * MILLI;
      int deliveries = 0;
      while (now < end) {
        while (inFlight < limit.current() && nextDemand <= now) send();
        if (inFlight >= limit.current() && nextDemand <= now) limit.full();
        most = Math.max(most, inFlight);
        var next = ends.peek();
        if (next != null && (inFlight >= limit.current() || next[1] <= nextDemand)) {
          ends.poll();
          now = Math.max(now, next[1]);
          inFlight--;
          deliveries++;
          limit.delivered(next[0], now);
        } else {
          now = Math.max(now, nextDemand);
        }
      }
      return deliveries * 1000.0 / millis;
    }

    private void send() {
      long begin = now;
      if (places.size() >= width) begin = Math.max(begin, places.poll());
      places.add(begin + latency);
      ends.add(new long[] {now, begin + latency});
      inFlight++;
      if (demandPerSecond != Integer.MAX_VALUE) {
        nextDemand = Math.max(nextDemand, now - 100 * MILLI) + 1_000_000_000L / demandPerSecond;
      }
    }
  }
}
