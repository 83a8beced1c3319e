package io.raybridge.processors.xraysampling;

import io.raybridge.processors.xraysampling.XraySamplingConfig.Keep;
import io.raybridge.sampling.AttributePattern;
import io.raybridge.sampling.PerSecond;
import io.raybridge.sampling.RequestView;
import io.raybridge.sampling.SpanKeys;
import org.jspecify.annotations.Nullable;

/** One entry of {@code keep}: what it looks for, and its budget. */
final class KeepRule {
  private final Keep config;
  private final @Nullable AttributePattern attribute;
  private final long slowerNanos;
  private final PerSecond budget;

  /**
   * @param budget what was taken before the rules were read again
   */
  KeepRule(Keep config, SpanKeys keys, PerSecond budget) {
    this.config = config;
    this.budget = budget;
    attribute =
        config
            .attribute()
            .map(name -> new AttributePattern(name, config.value(), keys))
            .orElse(null);
    slowerNanos = config.slowerThan().map(slower -> slower.toNanos()).orElse(Long.MAX_VALUE);
  }

  String label() {
    return config.label();
  }

  boolean matches(RequestView request, boolean localRoot) {
    if (config.faults() && request.isFault()) return true;
    if (config.errors() && request.isError()) return true;
    if (attribute != null) return attribute.matches(request);
    if (!localRoot || slowerNanos == Long.MAX_VALUE) return false;
    var span = request.walk().span();
    return span.end() - span.start() > slowerNanos;
  }

  boolean affords(long second) {
    return config.perSecond() == 0 || budget.take(second, config.perSecond());
  }
}
