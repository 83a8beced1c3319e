package io.raybridge.xray;

import io.raybridge.xray.TranslationConfig.EpochCheck;
import java.time.InstantSource;

/** What the configuration makes of trace ids that X-Ray's own SDKs would not have made. */
final class TraceIds {
  private final EpochCheck check;
  private final boolean map;
  private final InstantSource clock;

  TraceIds(TranslationConfig config, InstantSource clock) {
    check = config.epochCheck();
    map = config.map64BitIds();
    this.clock = clock;
  }

  /** Whether this id is one of 64 bits that is to become a full one. */
  boolean isMapped(long high) {
    return map && high == 0;
  }

  /** The first half of the id to send. */
  long high(long high, long low) {
    return isMapped(high) ? Ids.upperHalf(low) : high;
  }

  /** What the configuration says to this id: OFF when there is nothing to say. */
  EpochCheck verdict(long high) {
    if (check == EpochCheck.OFF || isMapped(high)) return EpochCheck.OFF;
    return Ids.recent(high, clock.millis() / 1000) ? EpochCheck.OFF : check;
  }
}
