package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-1.5, -1.5",
    "0.1, 0.1",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "1.25e100, 1.25e+100",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "-1.5e-7, -1.5e-7",
    "123456789.125, 123456789.125",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e308, 1.7976931348623157e+308"
  })
  void numbers_areWrittenAsGoWritesThem(double number, String text) {
    assertThat(ValueText.of(Value.of(number))).isEqualTo(text);
  }

  @Test
  void scalars_areWrittenPlainly() {
    assertThat(ValueText.of(Value.of("a<b"))).isEqualTo("a<b");
    assertThat(ValueText.of(Value.of(-7L))).isEqualTo("-7");
    assertThat(ValueText.of(Value.of(true))).isEqualTo("true");
    assertThat(ValueText.of(Value.of(new byte[] {1, 2, 3}))).isEqualTo("AQID");
    assertThat(ValueText.of(Value.empty())).isEmpty();
    assertThat(ValueText.of(Value.of(Double.NaN))).isEqualTo("NaN");
    assertThat(ValueText.of(Value.of(Double.NEGATIVE_INFINITY))).isEqualTo("-Infinity");
  }

  @Test
  void mapsAndLists_areWrittenAsJsonWithSortedKeys() {
    var map =
        new Attributes()
            .put("z", 1.5)
            .put("a", "<\"\\\n\u0001\u2028&>")
            .put("list", Value.of(List.of(Value.of(1L), Value.empty(), Value.of(false))))
            .put("bytes", Value.of(new byte[] {1}))
            .put("empty", Value.of(new Attributes()));

    assertThat(ValueText.of(Value.of(map)))
        .isEqualTo(
            "{\"a\":\"<\\\"\\\\\\n\\u0001\\u2028&>\",\"bytes\":\"AQ==\","
                + "\"empty\":{},\"list\":[1,null,false],\"z\":1.5}");
    assertThat(ValueText.of(Value.of(List.of()))).isEqualTo("[]");
  }

  @Test
  void infiniteNumberInAMap_leavesNothing() {
    assertThat(ValueText.of(Value.of(List.of(Value.of(Double.NaN))))).isEmpty();
  }
}
