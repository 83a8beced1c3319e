package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DecisionsTest {
  private static final Duration TTL = Duration.ofMinutes(5);

  @Test
  void decisions_areRemembered() {
    var decisions = new Decisions(TTL, 64 << 20, 0);
    var random = new Random(1);
    var model = new HashMap<Long, Long>();
    for (int i = 0; i < 300_000; i++) {
      long lo = random.nextLong(400_000);
      long decision = random.nextLong(1L << 56);
      decisions.put(7, lo, decision, i);
      model.put(lo, decision);
    }

    for (long lo = 1; lo < 400_000; lo++) {
      assertThat(decisions.get(7, lo)).isEqualTo(model.getOrDefault(lo, Decisions.NONE));
    }
    assertThat(decisions.get(8, 1)).isEqualTo(Decisions.NONE);
  }

  @Test
  void decision_livesForItsTimeAtLeastAndTwiceThatAtMost() {
    var decisions = new Decisions(TTL, 1 << 20, 0);
    long minute = Duration.ofMinutes(1).toNanos();
    decisions.put(1, 1, 5, 0);

    for (int m = 1; m <= 5; m++) {
      decisions.put(2, m, 6, m * minute);
      assertThat(decisions.get(1, 1)).as("minute %d", m).isEqualTo(5);
    }
    decisions.put(2, 6, 6, 10 * minute);

    assertThat(decisions.get(1, 1)).isEqualTo(Decisions.NONE);
    assertThat(decisions.get(2, 5)).isEqualTo(6);
    assertThat(decisions.forgotten()).isZero();
  }

  @Test
  void timedDecisions_knowWhenEachWasMade() {
    var decisions = Decisions.timed(TTL, 64 << 20, 0);
    for (long lo = 1; lo <= 10_000; lo++) decisions.put(3, lo, lo % 7, 1000 + lo);
    // The table of before is asked as well.
    decisions.put(4, 1, 5, TTL.toNanos());

    for (long lo = 1; lo <= 10_000; lo++) {
      assertThat(decisions.get(3, lo)).isEqualTo(lo % 7);
      assertThat(decisions.decidedAt(3, lo, -1)).isEqualTo(1000 + lo);
    }
    assertThat(decisions.decidedAt(4, 1, -1)).isEqualTo(TTL.toNanos());
    assertThat(decisions.decidedAt(5, 1, -1)).isEqualTo(-1);
  }

  @Test
  void decisionsWithoutTimes_knowNone() {
    var decisions = new Decisions(TTL, 1 << 20, 0);
    decisions.put(3, 1, 1, 7);

    assertThat(decisions.decidedAt(3, 1, 42)).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyTraces_takeNoMoreThanTheirRoom(boolean timed) {
    long room = 1 << 20;
    var decisions = timed ? Decisions.timed(TTL, room, 0) : new Decisions(TTL, room, 0);
    long most = 0;
    for (long lo = 1; lo <= 1_000_000; lo++) {
      decisions.put(3, lo, 1, 0);
      most = Math.max(most, decisions.sizeBytes());
    }

    assertThat(most).isLessThanOrEqualTo(room).isGreaterThan(room / 4);
    assertThat(decisions.get(3, 1_000_000)).isEqualTo(1);
    assertThat(decisions.get(3, 1)).isEqualTo(Decisions.NONE);
    assertThat(decisions.forgotten()).isGreaterThan(900_000);
  }
}
