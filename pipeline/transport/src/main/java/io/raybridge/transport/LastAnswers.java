package io.raybridge.transport;

import io.raybridge.api.Deadline;
import java.time.Duration;

/** How much of the time to stop in is kept for the answers of requests that did not finish. */
final class LastAnswers {
  private static final Duration MOST = Duration.ofSeconds(1);

  private LastAnswers() {}

  static Duration within(Deadline deadline) {
    Duration part = deadline.left().dividedBy(4);
    return part.compareTo(MOST) < 0 ? part : MOST;
  }
}
