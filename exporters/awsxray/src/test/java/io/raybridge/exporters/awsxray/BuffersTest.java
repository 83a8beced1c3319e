package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.xray.DocumentBuffer;
import org.junit.jupiter.api.Test;

class BuffersTest {
  private static final int PLAIN = new Buffers(0).take().bytes().length;

  private final Buffers buffers = new Buffers(4L * PLAIN);

  @Test
  void lastOneGivenBack_isTakenFirstAndIsEmpty() {
    var first = buffers.take();
    var second = buffers.take();
    add(second, 100);
    buffers.give(first);
    buffers.give(second);

    assertThat(buffers.take()).isSameAs(second);
    assertThat(second.count()).isZero();
    assertThat(buffers.take()).isSameAs(first);
    assertThat(buffers.take()).isNotSameAs(first).isNotSameAs(second);
  }

  @Test
  void noMoreBytesAreKeptThanSaid() {
    var large = buffers.take();
    add(large, 2 * PLAIN);
    var small = new DocumentBuffer[] {buffers.take(), buffers.take(), buffers.take()};
    for (var buffer : small) buffers.give(buffer);

    buffers.give(large);

    for (int i = small.length; i-- > 0; ) assertThat(buffers.take()).isSameAs(small[i]);
    assertThat(buffers.take()).isNotSameAs(large);
  }

  @Test
  void newOne_isAsLargeAsTheLastOneBecame() {
    var grown = buffers.take();
    add(grown, 3 * PLAIN);
    var other = buffers.take();
    buffers.give(grown);
    assertThat(buffers.take()).isSameAs(grown);

    assertThat(buffers.take().bytes().length).isGreaterThan(3 * PLAIN);
    buffers.give(other);
    assertThat(buffers.take()).isSameAs(other);
    assertThat(buffers.take().bytes()).hasSize(PLAIN);
  }

  private static void add(DocumentBuffer buffer, int length) {
    buffer.append(new byte[length], 1, 1, 2, 3);
  }
}
