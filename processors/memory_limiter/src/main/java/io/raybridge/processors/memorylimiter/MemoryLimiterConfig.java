package io.raybridge.processors.memorylimiter;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.time.Duration;

/** Keys of the {@code memory_limiter} processor. */
public record MemoryLimiterConfig(
    @Key(doc = "How often memory is looked at; more than 0s.") Duration checkInterval,
    @Key(
            doc =
                "The most memory to use, in MiB: heap that survives collections, and direct memory."
                    + " Wins over `limit_percentage`.",
            def = "0",
            min = 0,
            max = MemoryLimiterConfig.MAX_MIB)
        long limitMib,
    @Key(
            doc =
                "Room below the limit for what may come between two looks, in MiB: above the limit"
                    + " less this, data is refused. 0 is a fifth of the limit.",
            def = "0",
            min = 0,
            max = MemoryLimiterConfig.MAX_MIB)
        long spikeLimitMib,
    @Key(
            doc = "The limit in percent of the container's memory, or else the machine's.",
            def = "0",
            min = 0,
            max = 100)
        int limitPercentage,
    @Key(
            doc = "The room below it in percent of the same; 0 is a fifth of the limit.",
            def = "0",
            min = 0,
            max = 100)
        int spikeLimitPercentage,
    @Key(
            doc = "While only the room is used up, collections are forced no more often than this.",
            def = "10s")
        Duration minGcIntervalWhenSoftLimited,
    @Key(doc = "Above the limit, collections are forced no more often than this.", def = "0s")
        Duration minGcIntervalWhenHardLimited) {
  static final long MAX_MIB = 1L << 32;

  public MemoryLimiterConfig {
    if (!checkInterval.isPositive()) {
      throw new Invalid("check_interval", checkInterval, "more than 0s");
    }
    if (limitMib == 0 && limitPercentage == 0) {
      throw new Invalid("limit_mib", "0 (expected: more than 0, here or in limit_percentage)");
    }
    if (limitMib > 0) below("spike_limit_mib", spikeLimitMib, "limit_mib", limitMib);
    if (limitPercentage > 0) {
      below("spike_limit_percentage", spikeLimitPercentage, "limit_percentage", limitPercentage);
    }
    if (minGcIntervalWhenSoftLimited.compareTo(minGcIntervalWhenHardLimited) < 0) {
      throw new Invalid(
          "min_gc_interval_when_soft_limited",
          minGcIntervalWhenSoftLimited
              + " (expected: not less than min_gc_interval_when_hard_limited, "
              + minGcIntervalWhenHardLimited
              + ")");
    }
  }

  private static void below(String spikeKey, long spike, String limitKey, long limit) {
    if (spike < limit) return;
    throw new Invalid(spikeKey, spike + " (expected: less than " + limitKey + ", " + limit + ")");
  }
}
