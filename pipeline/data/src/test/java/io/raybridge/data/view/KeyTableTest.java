package io.raybridge.data.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  @Test
  void keys_areNumberedInTheirOrder() {
    List<String> keys = IntStream.range(0, 500).mapToObj(i -> "k".repeat(i % 40) + i).toList();
    KeyTable table = KeyTable.of(keys);

    for (int i = 0; i < keys.size(); i++) {
      assertThat(id(table, keys.get(i))).isEqualTo(i + 1);
      assertThat(id(table, keys.get(i) + "x")).isZero();
    }
    assertThat(table.size()).isEqualTo(500);
  }

  /** A table of 128 slots looks at the lowest seven bits; 64 random numbers would differ in 50. */
  @Test
  void keysThatDifferAtTheirEnd_doNotComeIntoOneSlot() {
    for (int before = 0; before < 24; before++) {
      String prefix = "app.attribute.of.a.kind.".substring(0, before);
      long slots =
          IntStream.range(0, 64)
              .mapToObj(i -> (prefix + i).getBytes(StandardCharsets.UTF_8))
              .mapToInt(key -> KeyTable.hash(key, 0, key.length) & 127)
              .distinct()
              .count();

      assertThat(slots).as(prefix).isGreaterThan(40);
    }
  }

  @Test
  void emptyTable_knowsNothing() {
    assertThat(id(KeyTable.of(List.of()), "")).isZero();
    assertThat(id(KeyTable.of(List.of()), "a")).isZero();
  }

  @Test
  void keyAtTheVeryEndOfTheBytes_hashesLikeAnyOther() {
    for (int length = 0; length < 30; length++) {
      byte[] alone =
          "abcdefghijklmnopqrstuvwxyzabcd".substring(0, length).getBytes(StandardCharsets.UTF_8);
      byte[] amid = new byte[length + 20];
      System.arraycopy(alone, 0, amid, 5, length);
      amid[5 + length] = 'z';

      assertThat(KeyTable.hash(amid, 5, length)).isEqualTo(KeyTable.hash(alone, 0, length));
    }
  }

  @Test
  void keys_areEqualOnlyIfEachByteIs() {
    for (int length = 0; length < 30; length++) {
      byte[] key = new byte[length];
      byte[] amid = new byte[length + 7];
      for (int i = 0; i < length; i++) amid[3 + i] = key[i] = (byte) (i * 37 + 150);

      assertThat(KeyTable.equal(key, amid, 3, length)).isTrue();
      assertThat(KeyTable.equal(key, amid, 3, length + 1)).isFalse();
      for (int i = 0; i < length; i++) {
        amid[3 + i]++;
        assertThat(KeyTable.equal(key, amid, 3, length)).as("byte %s of %s", i, length).isFalse();
        amid[3 + i]--;
      }
    }
  }

  @Test
  void sameKeyTwice_isRefused() {
    assertThatThrownBy(() -> KeyTable.of(List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
  }

  private static int id(KeyTable table, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return table.id(bytes, 0, bytes.length);
  }
}
