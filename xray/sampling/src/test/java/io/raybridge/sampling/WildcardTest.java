package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WildcardTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|anything|true",
        "*|''|true",
        "**|''|true",
        "?|''|false",
        "?|a|true",
        "?|ab|false",
        "5??|500|true",
        "5??|5|false",
        "5??|5000|false",
        "my-api|MY-API|true",
        "my-api|my-api2|false",
        "*.example.com|www.Example.com|true",
        "*.example.com|example.com|false",
        "/api/*/items|/api/v1/x/items|true",
        "/api/*/items|/api/items|false",
        "a*b*c|aXbXbXc|true",
        "a*b*c|aXcXb|false",
        "''|''|true",
        "''|a|false",
        "gr?ße|GRÜSSE|false",
        "gr?ße|grüße|true",
        "grü*|GRÜSSE|true",
        "?|ü|true",
        "??|日本|true",
        "*本|日本|true"
      })
  void pattern_matchesWholeTexts(String pattern, String text, boolean matches) {
    assertThat(Wildcard.of(pattern).matches(text)).isEqualTo(matches);
  }

  @Test
  void randomPatterns_matchWhatTheirRegularExpressionsDo() {
    var random = new Random(5);
    int hits = 0;
    for (int i = 0; i < 200_000; i++) {
      var pattern = text(random, "ab*?", 6);
      var text = text(random, "abAB", 8);
      var regex =
          Pattern.compile(pattern.replace("*", ".*").replace('?', '.'), Pattern.CASE_INSENSITIVE);

      boolean matches = Wildcard.of(pattern).matches(text);

      assertThat(matches).as("%s of %s", pattern, text).isEqualTo(regex.matcher(text).matches());
      if (matches) hits++;
    }
    assertThat(hits).isGreaterThan(10_000);
  }

  @Test
  void hostilePattern_costsLittle() {
    var text = "a".repeat(100_000);

    assertThat(Wildcard.of("*a".repeat(60) + "b").matches(text)).isFalse();
  }

  private static String text(Random random, String letters, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
