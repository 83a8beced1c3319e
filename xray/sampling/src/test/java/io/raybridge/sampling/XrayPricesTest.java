package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class XrayPricesTest {
  /** 10 million requests a month, at 5 % and at 100 %. The article rounds $49.50 to $50. */
  @Test
  void article_isRight() {
    assertThat(XrayPrices.recorded(10_000_000 * 0.05)).isCloseTo(2.00, within(0.005));
    assertThat(XrayPrices.recorded(10_000_000)).isCloseTo(49.50, within(0.005));
  }

  /** 2,000 requests an hour at 10 %, 100 queries a day that scan 200 traces and retrieve 50. */
  @Test
  void workedExampleOfAws_isRight() {
    double recorded = 2000 * 24 * 31 * 0.10;
    double read = 100 * 31 * (200 + 50);

    assertThat(recorded).isEqualTo(148_800);
    assertThat(XrayPrices.recorded(recorded)).isCloseTo(0.24, within(0.005));
    assertThat(XrayPrices.read(read)).isZero();
    assertThat(XrayPrices.insights(recorded)).isCloseTo(0.15, within(0.005));
    assertThat(XrayPrices.recorded(recorded) + XrayPrices.insights(recorded))
        .isCloseTo(0.39, within(0.005));
  }

  @Test
  void freeTier_isFree() {
    assertThat(XrayPrices.recorded(100_000)).isZero();
    assertThat(XrayPrices.read(1_000_000)).isZero();
    assertThat(XrayPrices.read(3_000_000)).isCloseTo(1.0, within(1e-9));
  }
}
