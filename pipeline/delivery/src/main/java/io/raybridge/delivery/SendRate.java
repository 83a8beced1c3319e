package io.raybridge.delivery;

/**
 * How many items a second to send once the destination has begun to throttle: as many as it has
 * just taken, then carefully more. There is no limit before the first throttling, and again after
 * twenty windows without one: ten seconds at any but the lowest rates.
 *
 * <p>A destination that throttles takes its own rate and refuses the rest, so what it takes while
 * it refuses is the rate to send at; no constant has to guess it. One rule guards against those
 * that refuse for other reasons: slower must buy fewer refusals, else there is no limit for a while
 * and the requests' own pauses have to do.
 *
 * <p>Not safe for use by two threads at once.
 */
final class SendRate {
  private static final long SHORTEST_WINDOW = 500_000_000;
  private static final long LONGEST_WINDOW = 20 * SHORTEST_WINDOW;
  private static final long SHORTEST_MEASURE = SHORTEST_WINDOW / 5;
  // A window of fewer requests measures nothing but its own edges.
  private static final int REQUESTS_IN_WINDOW = 20;
  private static final double[] GROWTH = {1.05, 1.05, 1.1, 1.2, 1.4, 2};
  private static final int WINDOWS_TO_FORGET = 20;
  private static final double FADING = 0.7;
  private static final long IMMUNITY = 10_000_000_000L;

  private double perSecond = Double.POSITIVE_INFINITY;
  // What was too much, fading with each cut: the way back to half of it is quick.
  private double known = Double.POSITIVE_INFINITY;
  private int cleanWindows;
  private double itemsPerRequest;
  private long lastCut;

  private boolean measuring;
  private boolean before;
  private long windowStart;
  private long window = SHORTEST_WINDOW;
  private double taken;
  private double takenBefore;
  private boolean refusals;

  private Sample sample = new Sample();
  private Sample sampleBefore = new Sample();
  private long immuneUntil;

  SendRate(long now) {
    lastCut = now - 1;
    immuneUntil = now;
  }

  /** Items a second, infinite when there is no limit. */
  double perSecond(long now) {
    roll(now);
    return perSecond;
  }

  /** The destination took these, sent at {@code started}. */
  void taken(int items, long started, long now) {
    roll(now);
    observe(items);
    taken += items;
    if (started - lastCut > 0) sample.taken(items);
  }

  /** The destination refused a request of these items, sent at {@code started}, as too much. */
  void throttled(int items, long started, long now) {
    roll(now);
    observe(items);
    boolean knownAlready = started - lastCut <= 0;
    if (knownAlready || now - immuneUntil < 0) return;
    refusals = true;
    sample.refused(items);
    if (perSecond == Double.POSITIVE_INFINITY) {
      cut(now);
    } else if (sample.saysSomething()) {
      if (sample.isNoBetterThan(sampleBefore, perSecond)) {
        forget(now);
        immuneUntil = now + IMMUNITY;
      } else {
        sampleBefore = sample.at(perSecond);
        cut(now);
      }
    }
  }

  private void cut(long now) {
    double previous = perSecond;
    // Never less than a request a second: somebody has to find out when it takes more again.
    perSecond = Math.max(itemsPerRequest, Math.min(previous, measured(now)));
    // Who takes nothing at all does not tell what he will take again.
    boolean tookSome = perSecond > itemsPerRequest;
    if (tookSome) known = Math.max(perSecond, Math.min(previous, known * FADING));
    cleanWindows = 0;
    lastCut = now;
    sample = new Sample();
  }

  private void observe(int items) {
    measuring = true;
    itemsPerRequest =
        itemsPerRequest == 0 ? items : itemsPerRequest + (items - itemsPerRequest) / 8;
  }

  private double measured(long now) {
    double inWindow = now - windowStart;
    if (!before) return taken * 1e9 / Math.max(inWindow, SHORTEST_MEASURE);
    double carried = takenBefore * Math.max(0, 1 - inWindow / window);
    double whole = window;
    return (carried + taken) * 1e9 / Math.max(inWindow, whole);
  }

  private void roll(long now) {
    if (!measuring) {
      windowStart = now;
      return;
    }
    if (now - windowStart >= 2 * window * WINDOWS_TO_FORGET) {
      forget(now);
      return;
    }
    while (now - windowStart >= window) {
      windowStart += window;
      if (!refusals) grow();
      refusals = false;
      long next = nextWindow();
      takenBefore = taken * next / window;
      taken = 0;
      before = true;
      window = next;
    }
  }

  private long nextWindow() {
    boolean onTheWayBack = perSecond * 2 <= known;
    if (onTheWayBack || perSecond == Double.POSITIVE_INFINITY) return SHORTEST_WINDOW;
    double wanted = REQUESTS_IN_WINDOW * itemsPerRequest / perSecond * 1e9;
    return Math.clamp((long) wanted, SHORTEST_WINDOW, LONGEST_WINDOW);
  }

  private void grow() {
    if (perSecond == Double.POSITIVE_INFINITY) return;
    if (++cleanWindows >= WINDOWS_TO_FORGET) {
      perSecond = Double.POSITIVE_INFINITY;
      known = Double.POSITIVE_INFINITY;
      return;
    }
    boolean onTheWayBack = perSecond * 2 <= known;
    perSecond *= onTheWayBack ? 2 : GROWTH[Math.min(cleanWindows, GROWTH.length) - 1];
  }

  private void forget(long now) {
    perSecond = Double.POSITIVE_INFINITY;
    known = Double.POSITIVE_INFINITY;
    cleanWindows = 0;
    measuring = false;
    before = false;
    taken = 0;
    takenBefore = 0;
    windowStart = now;
    window = SHORTEST_WINDOW;
    sample = new Sample();
    sampleBefore = new Sample();
  }

  /** The answers to requests sent since the last cut. */
  private static final class Sample {
    private static final int ENOUGH = 20;
    private static final int ENOUGH_WHEN_ALL_REFUSED = 3;
    // At the very rate that is taken a few are refused too; that says nothing.
    private static final double MANY = 0.15;

    private int requests;
    private double taken;
    private double refused;
    private double perSecond;

    void taken(int items) {
      requests++;
      taken += items;
    }

    void refused(int items) {
      requests++;
      refused += items;
    }

    Sample at(double rate) {
      perSecond = rate;
      return this;
    }

    boolean saysSomething() {
      return requests >= (taken == 0 ? ENOUGH_WHEN_ALL_REFUSED : ENOUGH);
    }

    boolean isNoBetterThan(Sample before, double rate) {
      boolean comparable = taken > 0 && before.taken > 0 && rate < 0.9 * before.perSecond;
      return comparable && part() > MANY && part() > 0.8 * before.part();
    }

    private double part() {
      return refused / (taken + refused);
    }
  }
}
