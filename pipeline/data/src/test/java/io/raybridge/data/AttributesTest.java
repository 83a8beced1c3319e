package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttributesTest {
  @Test
  void randomOperations_doWhatAMapDoes() {
    var random = new Random(5);
    for (int round = 0; round < 200; round++) {
      var attributes = new Attributes();
      Map<String, Value> map = new LinkedHashMap<>();
      for (int i = 0; i < 60; i++) {
        var key = "k" + random.nextInt(25);
        var value = Value.of((long) i);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            attributes.put(key, value);
            map.put(key, value);
          }
          case 2 ->
              assertThat(attributes.putIfAbsent(key, value))
                  .isEqualTo(map.putIfAbsent(key, value) == null);
          case 3 -> assertThat(attributes.remove(key)).isEqualTo(map.remove(key));
          default -> assertThat(attributes.get(key)).isEqualTo(map.get(key));
        }
      }
      var entries = new ArrayList<Map.Entry<String, Value>>();
      attributes.forEach((key, value) -> entries.add(Map.entry(key, value)));
      assertThat(entries).isEqualTo(List.copyOf(map.entrySet()));
      assertThat(attributes.size()).isEqualTo(map.size());
    }
  }

  @Test
  void repeatedKey_showsItsFirstValueAndGoesAltogether() {
    var attributes =
        new Attributes().add("a", Value.of(1)).add("b", Value.of(2)).add("a", Value.of(3));

    assertThat(attributes.getLong("a", 0)).isEqualTo(1);
    assertThat(attributes.remove("a")).isEqualTo(Value.of(1));
    assertThat(attributes).isEqualTo(new Attributes().put("b", 2));
  }

  @Test
  void typedGetters_answerOnlyForTheirType() {
    var attributes =
        new Attributes().put("text", "x").put("int", 7).put("double", 1.5).put("bool", true);

    assertThat(attributes.getString("text")).isEqualTo("x");
    assertThat(attributes.getString("int")).isNull();
    assertThat(attributes.getLong("int", 0)).isEqualTo(7);
    assertThat(attributes.getLong("text", -1)).isEqualTo(-1);
    assertThat(attributes.getDouble("double", 0)).isEqualTo(1.5);
    assertThat(attributes.getDouble("int", 0)).isEqualTo(7);
    assertThat(attributes.getBoolean("bool", false)).isTrue();
    assertThat(attributes.getBoolean("none", true)).isTrue();
  }

  @Test
  void indexPastTheEnd_isRefused() {
    var attributes = new Attributes().put("a", 1);

    assertThatThrownBy(() -> attributes.keyAt(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> attributes.valueAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void valueWithinAnUnknownField_isStillFound() {
    var attributes =
        new Attributes().put("a", new Value.Other(Value.of("x"), new byte[] {(byte) 0x98, 1, 1}));

    assertThat(attributes.getString("a")).isEqualTo("x");
  }

  @Test
  void unknownFieldOfAnEntry_goesWithItsEntry() throws Exception {
    // three key values with an unknown field each
    var span =
        "4a06" + "0a0161" + "a00101" + "4a06" + "0a0162" + "a00102" + "4a06" + "0a0163" + "a00103";
    var request = java.util.HexFormat.of().parseHex("0a1c" + "121a" + "1218" + span);
    var batch = Traces.ofOtlp(request);

    batch.forEachSpan(s -> s.attributes().remove("b"));

    assertThat(java.util.HexFormat.of().formatHex(batch.toOtlp()))
        .isEqualTo(
            "0a14" + "1212" + "1210" + "4a06" + "0a0161" + "a00101" + "4a06" + "0a0163" + "a00103");
  }
}
