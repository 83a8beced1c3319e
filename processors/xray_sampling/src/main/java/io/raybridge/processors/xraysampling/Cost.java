package io.raybridge.processors.xraysampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Telemetry;
import io.raybridge.sampling.XrayPrices;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;

/** Says once a minute what was recorded, and what a month of it would cost. */
final class Cost {
  private final Metrics metrics;
  private final Clock clock;
  private final System.Logger log;
  private Map<String, Metrics.Sum> before = Map.of();
  private long since;
  private volatile double perMonth;

  Cost(Metrics metrics, Clock clock, System.Logger log, Telemetry telemetry) {
    this.metrics = metrics;
    this.clock = clock;
    this.log = log;
    since = clock.nanoTime();
    telemetry.gauge(
        "otelcol_processor_xray_sampling_projected_traces",
        "{traces}",
        "Traces recorded in a month if it goes on as in the last minute.",
        () -> Math.round(perMonth));
    telemetry.gauge(
        "otelcol_processor_xray_sampling_projected_cost_cents",
        "{cents}",
        "What X-Ray charges for recording these, in cents of US dollars by the list of us-east-1.",
        () -> Math.round(100 * XrayPrices.recorded(perMonth)));
  }

  /** Says it, unless nothing happened since it was last called. */
  void tell(String remark) {
    var now = metrics.sums();
    long time = clock.nanoTime();
    double seconds = Math.max(1, (time - since) / 1e9);
    var all = Metrics.NOTHING;
    var rules = new ArrayList<String>();
    for (var entry : now.entrySet()) {
      var sum = entry.getValue().minus(before.getOrDefault(entry.getKey(), Metrics.NOTHING));
      if (sum.all() == 0) continue;
      all = all.plus(sum);
      rules.add(entry.getKey() + " " + sum.kept() + " of " + sum.all());
    }
    before = now;
    since = time;
    perMonth = all.kept() / seconds * XrayPrices.MONTH.toSeconds();
    if (all.all() > 0) log.log(Level.INFO, line(all, rules, seconds) + remark);
  }

  private String line(Metrics.Sum all, Iterable<String> rules, double seconds) {
    return String.format(
        Locale.ROOT,
        "in %.0f s recorded %d of %d traces (%s); a month of this records %,.0f traces and costs"
            + " $%,.2f",
        seconds,
        all.kept(),
        all.all(),
        String.join(", ", rules),
        perMonth,
        XrayPrices.recorded(perMonth));
  }
}
