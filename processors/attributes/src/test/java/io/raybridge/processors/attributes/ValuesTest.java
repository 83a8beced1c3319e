package io.raybridge.processors.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Attributes;
import io.raybridge.data.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
  @Test
  void nullInsideAListOrMap_isAnEmptyValue() {
    assertThat(Values.ofYaml(Arrays.asList(1L, null)))
        .isEqualTo(Value.of(List.of(Value.of(1L), Value.empty())));
    assertThat(Values.ofYaml(Collections.singletonMap("k", null)))
        .isEqualTo(Value.of(new Attributes().put("k", Value.empty())));
  }

  @Test
  void emptyText_isHashedLikeAnyText() {
    assertThat(Values.hash(Value.of("")))
        .isEqualTo(Value.of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "42, 42",
    "-42, -42",
    "+42, 42",
    "042, 42",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808,",
    "4.0,",
    "1e3,",
    "0x10,",
    "1_000,",
    "' 42',",
    "'-',",
    "٤٢,",
  })
  void text_isReadAsIntAsGoDoes(String text, Long expected) {
    assertThat(Values.convert(Value.of(text), Action.ConvertedType.INT))
        .isEqualTo(expected == null ? Value.of(text) : Value.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "42, 42",
    "-4.5e3, -4500",
    ".5, 0.5",
    "5., 5",
    "+1, 1",
    "0x1p3, 8",
    "inf, Infinity",
    "-Infinity, -Infinity",
    "NAN, NaN",
    "1e-400, 0",
    "1e400,",
    "0x10,",
    "1d,",
    "1f,",
    "0x1p3f,",
    "' 1',",
    "'1 ',",
    "'.',",
    "-nan,",
    "1_000,",
  })
  void text_isReadAsDoubleAsGoDoes(String text, Double expected) {
    assertThat(Values.convert(Value.of(text), Action.ConvertedType.DOUBLE))
        .isEqualTo(expected == null ? Value.of(text) : Value.of(expected));
  }
}
