package io.raybridge.delivery;

/**
 * How many requests to have in flight. One rule: more in flight must buy more throughput. While it
 * does, the limit grows, so that a slow destination gets as many requests at once as its latency
 * needs; when it does not, the destination is at its limit: the last increase is taken back, and
 * now and then it is tried whether fewer would do as well. Failures halve it, as TCP does.
 *
 * <p>Not safe for use by two threads at once.
 */
final class ConcurrencyLimit {
  private static final int INITIAL = 16;
  // Taken back without a failure it stays useful against one slow request among fast ones.
  private static final int LEAST_WITHOUT_FAILURE = 8;
  private static final long SHORTEST_ROUND = 50_000_000;
  private static final double MORE = 1.25;
  private static final double FEWER = 0.8;
  private static final double LEAST_CHANGE = 0.05;
  private static final double LEAST_GAIN = 0.3;
  private static final double SLOWER = 0.7;
  private static final int HOLD_ROUNDS = 10;

  private final int max;
  private double limit;
  // Below it the limit grows by one with each delivery, to twice its size in each round.
  private double fastBelow;
  private int hold;

  private long roundStart;
  private double roundLimit;
  private int roundDeliveries;
  private double roundLatencies;
  private boolean roundFull;
  private double lastThroughput;
  private double lastInFlight;
  private double lastLimit;
  private Probe probe = Probe.NONE;
  private Probe next = Probe.MORE;
  private long lastCut;

  /** What the current round tries out. */
  private enum Probe {
    NONE,
    MORE,
    FEWER
  }

  ConcurrencyLimit(int max, long now) {
    this.max = max;
    limit = Math.min(INITIAL, max);
    fastBelow = max;
    lastCut = now;
    beginRound(now);
  }

  int current() {
    return (int) limit;
  }

  /** Somebody had to wait for a place. Without this there is no reason to grow. */
  void full() {
    roundFull = true;
  }

  /** A request that was sent at {@code started} came back well. */
  void delivered(long started, long now) {
    roundDeliveries++;
    roundLatencies += now - started;
    if (roundFull && limit < fastBelow && limit < 2 * roundLimit) limit = Math.min(max, limit + 1);
    boolean twoRoundTrips = roundDeliveries >= 2 * roundLimit;
    if (twoRoundTrips && now - roundStart >= SHORTEST_ROUND) endRound(now);
  }

  /** A request that was sent at {@code started} timed out, was refused or broke. */
  void failed(long started, long now) {
    boolean knownAlready = started - lastCut < 0;
    if (knownAlready) return;
    if (limit >= fastBelow || fastBelow == max) fastBelow = Math.max(1, limit * SLOWER);
    limit = Math.max(1, limit / 2);
    lastCut = now;
    lastThroughput = 0;
    probe = Probe.NONE;
    beginRound(now);
  }

  private void endRound(long now) {
    double throughput = roundDeliveries / (double) (now - roundStart);
    double inFlight = roundLatencies / (now - roundStart);
    if (!roundFull) {
      probe = Probe.NONE;
    } else if (lastThroughput > 0) {
      if (throughput < lastThroughput * SLOWER && inFlight > lastInFlight * 0.9) {
        // The destination became slower: find out anew how many requests that takes.
        hold = 0;
        fastBelow = max;
      } else if (wasForNothing(throughput, inFlight)) {
        takeBack(now);
        return;
      }
    }
    lastThroughput = throughput;
    lastInFlight = inFlight;
    lastLimit = limit;
    if (roundFull) tryNext();
    beginRound(now);
  }

  private boolean wasForNothing(double throughput, double inFlight) {
    double change = inFlight / lastInFlight - 1;
    if (probe == Probe.NONE || Math.abs(change) < LEAST_CHANGE) return false;
    // How much throughput came of how much in flight: 1 is in proportion, 0 is nothing.
    double gain = (throughput / lastThroughput - 1) / change;
    return probe == Probe.MORE ? gain < LEAST_GAIN : gain > LEAST_GAIN;
  }

  private void takeBack(long now) {
    limit = lastLimit;
    fastBelow = limit;
    hold = HOLD_ROUNDS;
    next = probe == Probe.MORE ? Probe.FEWER : Probe.MORE;
    probe = Probe.NONE;
    beginRound(now);
  }

  private void tryNext() {
    if (limit < fastBelow) {
      probe = Probe.MORE;
      next = Probe.MORE;
    } else if (hold > 0) {
      hold--;
      probe = Probe.NONE;
    } else {
      probe = next;
      double least = Math.min(LEAST_WITHOUT_FAILURE, max);
      limit =
          probe == Probe.MORE
              ? Math.min(max, Math.max(limit + 1, limit * MORE))
              : Math.min(limit, Math.max(least, limit * FEWER));
      fastBelow = limit;
    }
  }

  private void beginRound(long now) {
    roundStart = now;
    roundLimit = limit;
    roundDeliveries = 0;
    roundLatencies = 0;
    roundFull = false;
  }
}
