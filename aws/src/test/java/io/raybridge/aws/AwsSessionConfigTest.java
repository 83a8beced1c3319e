package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Invalid;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsSessionConfigTest {
  @ParameterizedTest
  @CsvSource({
    "region, US_EAST_1, a region such as us-east-1",
    "endpoint, ftp://host, http",
    "endpoint, https://host?x=y, nothing after it",
    "endpoint, https://, expected",
    "proxy_address, socks5://host:1, expected: http",
    "role_arn, my-role, arn:aws:iam::",
    "external_id, 1234, role_arn",
  })
  void wrongValue_namesTheKeyAndWhatWasExpected(String key, String value, String expected) {
    assertThatThrownBy(() -> Sessions.of(Map.of(key, value)))
        .isInstanceOfSatisfying(Invalid.class, e -> assertThat(e.key()).isEqualTo(key))
        .hasMessageContaining(expected);
  }
}
