package io.raybridge.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a disk, a killed process or a power cut can leave behind: never a crash, never a record that
 * was not written, never the loss of a record that is whole.
 */
@Timeout(300)
class DamageTest {
  private static final List<String> RECORDS = List.of("first", "the second", "3", "and the fourth");

  @TempDir Path dir;
  private Path spoolFile;
  private byte[] spool;
  private int cases;

  @BeforeEach
  void write() throws IOException {
    try (var rig = new SpoolRig(Files.createDirectory(dir.resolve("good")), "fsync: false")) {
      rig.append(RECORDS.toArray(String[]::new));
      spoolFile = rig.files(".spool").getFirst();
    }
    spool = Files.readAllBytes(spoolFile);
  }

  @Test
  void bitFlip_anywhere_losesTheRecordItHitsAndNoOther() throws IOException {
    for (int bit = 0; bit < spool.length * 8; bit++) {
      var damaged = spool.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      int hit = recordAt(bit / 8);

      var read = read(damaged, null);

      var expected = new ArrayList<>(RECORDS);
      if (hit >= 0) expected.remove(hit);
      read.removeIf("?"::equals);
      assertThat(read).as("bit %d of byte %d", bit % 8, bit / 8).isEqualTo(expected);
    }
  }

  @Test
  void truncation_anywhere_losesOnlyWhatWasCut() throws IOException {
    for (int length = 0; length <= spool.length; length++) {
      var read = read(Arrays.copyOf(spool, length), null);

      int whole = 0;
      while (whole < RECORDS.size() && end(whole) <= length) whole++;
      assertThat(read).as("cut to %d bytes", length).isEqualTo(RECORDS.subList(0, whole));
    }
  }

  @Test
  void damagedListOfSettled_neverHidesWhatIsNot() throws IOException {
    byte[] list;
    try (var rig = copy(spool, null)) {
      var entries = rig.entries();
      rig.settle(entries.get(0), entries.get(2));
      rig.close();
      list = Files.readAllBytes(rig.files(".settled").getFirst());
    }
    assertThat(list).hasSize(16);
    assertThat(read(spool, list)).containsExactly(RECORDS.get(1), RECORDS.get(3));

    for (int bit = 0; bit < list.length * 8; bit++) {
      var damaged = list.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(read(spool, damaged))
          .as("bit %d", bit)
          .contains(RECORDS.get(1), RECORDS.get(3))
          .hasSizeBetween(3, 4);
    }
    for (int length = 0; length < list.length; length++) {
      assertThat(read(spool, Arrays.copyOf(list, length)))
          .as("cut to %d bytes", length)
          .contains(RECORDS.get(1), RECORDS.get(3));
    }
  }

  @Test
  void unfinishedEntryInTheListOfSettled_doesNotSpoilThoseAfterIt() throws IOException {
    Path where;
    try (var rig = copy(spool, new byte[] {1, 2, 3})) {
      where = rig.folder.getParent();
      rig.settle(rig.entries().get(1));
    }
    try (var rig = new SpoolRig(where)) {
      assertThat(rig.read()).containsExactly(RECORDS.get(0), RECORDS.get(2), RECORDS.get(3));
    }
  }

  @Test
  void somethingLikeARecord_insideOfARecord_isNotBelieved() throws IOException {
    // A client that knows the format puts a whole file of it into its data.
    String inner = new String(spool, StandardCharsets.ISO_8859_1);
    byte[] outer;
    Path outerFile;
    try (var rig = new SpoolRig(Files.createDirectory(dir.resolve("outer")))) {
      rig.append(inner, "after");
      outerFile = rig.files(".spool").getFirst();
      outer = Files.readAllBytes(outerFile);
    }
    outer[Segment.FILE_HEADER] ^= 1;
    spoolFile = outerFile;

    assertThat(read(outer, null)).containsExactly("after");
  }

  /** Overwritten, zeroed and swapped blocks, cut ends: what a disk does to a file. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void damagedBlocks_loseNoRecordBesideThem(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    var records = new ArrayList<String>();
    try (var rig = new SpoolRig(Files.createDirectory(dir.resolve("fuzz")), "fsync: false")) {
      for (int i = 0; i < 40; i++) records.add(i + "=".repeat(random.nextInt(300)));
      rig.append(records.toArray(String[]::new));
      spoolFile = rig.files(".spool").getFirst();
    }
    var good = Files.readAllBytes(spoolFile);
    for (int i = 0; i < 60; i++) {
      var damaged = good.clone();
      for (int times = random.nextInt(1, 4); times > 0; times--) damage(damaged, random);
      if (random.nextInt(3) == 0) damaged = Arrays.copyOf(damaged, random.nextInt(good.length));

      var read = read(damaged, null);

      read.removeIf("?"::equals);
      assertThat(records).as("seed %d, case %d", seed, i).containsAll(read);
      assertThat(read).containsAll(untouched(records, good, damaged));
    }
  }

  /**
   * Bytes that are missing or too many move all that follows: nothing to be found, but no crash.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void movedBytes_bringNothingThatWasNotWritten(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 100; i++) {
      int at = random.nextInt(spool.length);
      int length = random.nextInt(1, 40);
      byte[] moved = new byte[spool.length + length];
      if (random.nextBoolean()) {
        System.arraycopy(spool, 0, moved, 0, at);
        System.arraycopy(spool, at, moved, at + length, spool.length - at);
      } else {
        int from = Math.min(spool.length, at + length);
        moved = Arrays.copyOf(spool, at + spool.length - from);
        System.arraycopy(spool, from, moved, at, spool.length - from);
      }

      var read = read(moved, null);

      read.removeIf("?"::equals);
      assertThat(RECORDS).containsAll(read);
    }
  }

  private static void damage(byte[] file, SplittableRandom random) {
    int length = random.nextInt(1, Math.min(file.length, 600));
    int at = random.nextInt(file.length - length);
    switch (random.nextInt(3)) {
      case 0 -> Arrays.fill(file, at, at + length, (byte) 0);
      case 1 -> {
        for (int i = at; i < at + length; i++) file[i] = (byte) random.nextInt();
      }
      default -> System.arraycopy(file, random.nextInt(file.length - length), file, at, length);
    }
  }

  private static List<String> untouched(List<String> records, byte[] good, byte[] damaged) {
    var untouched = new ArrayList<String>();
    int at = Segment.FILE_HEADER;
    for (var record : records) {
      int end = at + RecordHeader.SIZE + record.length();
      boolean same = end <= damaged.length && Arrays.equals(good, at, end, damaged, at, end);
      if (same) untouched.add(record);
      at = end;
    }
    return untouched;
  }

  private int recordAt(int place) {
    for (int i = 0; i < RECORDS.size(); i++) {
      if (place < end(i)) return place < Segment.FILE_HEADER ? -1 : i;
    }
    return -1;
  }

  private static int end(int record) {
    int end = Segment.FILE_HEADER;
    for (int i = 0; i <= record; i++) end += RecordHeader.SIZE + RECORDS.get(i).length();
    return end;
  }

  private List<String> read(byte[] content, byte[] settled) throws IOException {
    try (var rig = copy(content, settled)) {
      return new ArrayList<>(rig.read());
    }
  }

  private SpoolRig copy(byte[] content, byte[] settled) throws IOException {
    var directory = dir.resolve("case " + cases++);
    var folder = Files.createDirectories(directory.resolve("exporter_otlp_traces"));
    var file = folder.resolve(spoolFile.getFileName());
    Files.write(file, content);
    if (settled != null) {
      Files.write(
          folder.resolve(file.getFileName().toString().replace(".spool", ".settled")), settled);
    }
    return new SpoolRig(directory, "fsync: false");
  }
}
