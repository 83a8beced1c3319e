package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldGenerationTest {
  private static final long MIB = 1 << 20;

  private long used;
  private long alive;
  private int collections;
  private final OldGeneration old = new OldGeneration(() -> used, this::collect);

  @Test
  void smallGrowth_isLeftAlone() {
    look(10, 10);
    look(10, OldGeneration.SLACK / MIB);

    assertThat(collections).isZero();
  }

  @Test
  void growthPastTheSlack_isCollected() {
    look(12, OldGeneration.SLACK / MIB + 1);

    assertThat(collections).isEqualTo(1);
    assertThat(used).isEqualTo(12 * MIB);
  }

  @Test
  void whatIsAlive_isNotCollectedAgainUntilMuchMoreHasCome() {
    look(100, 120);
    look(100, 110);
    look(100, 124);
    assertThat(collections).isEqualTo(1);

    look(100, 125);
    assertThat(collections).isEqualTo(2);
  }

  @Test
  void whatABurstLeft_isCollectedWhenItIsOver() {
    look(100, 120);
    for (int i = 1; i < OldGeneration.PATIENCE; i++) look(15, used / MIB);
    assertThat(collections).isEqualTo(1);

    look(15, used / MIB);

    assertThat(collections).isEqualTo(2);
    assertThat(used).isEqualTo(15 * MIB);
    for (int i = 0; i < 100 * OldGeneration.PATIENCE; i++) look(15, 20);
    assertThat(collections).isEqualTo(2);
  }

  @Test
  void whatStaysAlive_isLookedAtLessAndLess() {
    look(100, 120);

    for (int i = 0; i < 3 * OldGeneration.PATIENCE; i++) look(100, 100);
    assertThat(collections).isEqualTo(3);

    for (int i = 0; i < 1_000 * OldGeneration.PATIENCE; i++) look(100, 100);
    assertThat(collections).isBetween(30, 40);
  }

  @Test
  void whatTheJvmCollectedItself_lowersTheMark() {
    look(100, 120);
    look(20, 20);
    look(20, 60);

    assertThat(collections).isEqualTo(2);
  }

  @Test
  void whatABurstLeft_isCollectedWhenNothingMoreComes() {
    long left = OldGeneration.REMNANT / MIB + 1;
    look(0, left);
    for (int i = 1; i < OldGeneration.QUIET; i++) look(0, left);
    assertThat(collections).isZero();

    look(0, left);
    assertThat(collections).isEqualTo(1);
  }

  @Test
  void aLittle_staysHoweverLongNothingComes() {
    for (int i = 0; i < 10; i++) look(0, OldGeneration.REMNANT / MIB);

    assertThat(collections).isZero();
  }

  @Test
  void whatIsAlive_isCollectedOnceWhenNothingMoreComes() {
    for (int i = 0; i < 10; i++) look(20, 20);

    assertThat(collections).isEqualTo(1);
  }

  private void look(long mibAlive, long mibUsed) {
    alive = mibAlive * MIB;
    used = mibUsed * MIB;
    old.look();
  }

  private void collect() {
    collections++;
    used = alive;
  }
}
