package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.xray.DocumentBuffer;
import java.util.ArrayList;
import java.util.List;
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
  void newOne_hasRoomForWhatTheLastOnesNeeded() {
    var grown = buffers.take();
    var other = buffers.take();
    add(grown, 3 * PLAIN);
    buffers.give(grown);
    add(other, PLAIN);
    buffers.give(other);
    while (buffers.take() != grown) {}

    var made = buffers.take();

    assertThat(made.bytes().length).isBetween(3 * PLAIN, 4 * PLAIN);
  }

  @Test
  void muchLargerThanWhatIsNeededNow_isNotKept() {
    var once = buffers.take();
    add(once, 3 * PLAIN);
    buffers.give(once);
    var one = buffers.take();
    for (int i = 0; i < 100; i++) {
      add(one, 10);
      buffers.give(one);
      one = buffers.take();
    }

    assertThat(one).isNotSameAs(once);
    assertThat(one.bytes().length).isLessThan(2 * PLAIN);
  }

  @Test
  void halfOfThoseThatNobodyTookSinceTheLastLook_go() {
    var all = new Buffers(100L * PLAIN);
    var used = new ArrayList<DocumentBuffer>();
    for (int i = 0; i < 40; i++) used.add(all.take());
    used.forEach(all::give);
    all.trim();
    var needed = new ArrayList<DocumentBuffer>();
    for (int i = 0; i < 30; i++) needed.add(all.take());
    needed.forEach(all::give);

    all.trim();

    assertThat(kept(all, used)).isEqualTo(35);
  }

  @Test
  void whatNobodyTakesAtAll_isGoneAfterSomeLooks() {
    var all = new Buffers(100L * PLAIN);
    var used = new ArrayList<DocumentBuffer>();
    for (int i = 0; i < 40; i++) used.add(all.take());
    used.forEach(all::give);

    for (int i = 0; i < 7; i++) all.trim();

    assertThat(kept(all, used)).isZero();
  }

  private static int kept(Buffers buffers, List<DocumentBuffer> used) {
    int kept = 0;
    while (used.contains(buffers.take())) kept++;
    return kept;
  }

  private static void add(DocumentBuffer buffer, int length) {
    buffer.append(new byte[length], 1, 1, 2, 3);
  }
}
