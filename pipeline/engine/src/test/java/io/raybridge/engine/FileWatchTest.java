package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.config.Stamp;
import io.raybridge.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileWatchTest {
  @TempDir Path dir;

  private final ManualClock clock = new ManualClock();
  private final AtomicInteger changes = new AtomicInteger();
  private Path file;
  private FileWatch watch;

  @BeforeEach
  void open() throws Exception {
    file = Files.writeString(dir.resolve("collector.yaml"), "one");
    watch = new FileWatch(Map.of(file, Stamp.of(file)), clock, changes::incrementAndGet);
    clock.awaitWaiting(1);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void untouched_isNoChange() throws Exception {
    Files.writeString(file, "one");

    for (int i = 0; i < 5; i++) look();

    assertThat(changes).hasValue(0);
  }

  @Test
  void changed_isToldOnceItRests() throws Exception {
    Files.writeString(file, "half of tw");
    look();
    Files.writeString(file, "half of two, and the other half");
    look();
    assertThat(changes).hasValue(0);

    look();
    assertThat(changes).hasValue(1);
    for (int i = 0; i < 5; i++) look();
    assertThat(changes).hasValue(1);
  }

  @Test
  void changedBack_isNoChange() throws Exception {
    Files.writeString(file, "two");
    look();
    Files.writeString(file, "one");
    for (int i = 0; i < 5; i++) look();

    assertThat(changes).hasValue(0);
  }

  @Test
  void swappedLink_isAChange() throws Exception {
    var link = dir.resolve("link.yaml");
    Files.createSymbolicLink(link, file);
    watch.follow(Map.of(link, Stamp.of(link)));
    var other = Files.writeString(dir.resolve("other.yaml"), "two");
    var newLink = Files.createSymbolicLink(dir.resolve("new"), other);
    Files.move(newLink, link, StandardCopyOption.ATOMIC_MOVE);

    look();
    look();

    assertThat(changes).hasValue(1);
  }

  @Test
  void removedFile_isAChangeAndSoIsItsReturn() throws Exception {
    Files.delete(file);
    look();
    look();
    assertThat(changes).hasValue(1);

    Files.writeString(file, "one");
    look();
    look();
    assertThat(changes).hasValue(2);
  }

  @Test
  void oldFile_isNotReadAgainUntilItsMarkChanges() throws Exception {
    setTime(-60);
    look();
    writeTwoUnderTheOldMark();
    look();
    look();
    assertThat(changes).as("the mark is what it was").hasValue(0);

    setTime(-30);
    look();
    look();
    assertThat(changes).hasValue(1);
  }

  @Test
  void newContentsUnderTheOldMark_areSeenWithinAMinute() throws Exception {
    setTime(-60);
    look();
    writeTwoUnderTheOldMark();

    for (int i = 0; i <= FileWatch.LOOKS_AT_MARKS; i++) look();

    assertThat(changes).hasValue(1);
  }

  @Test
  void fileWrittenAMomentAgo_isReadWhateverItsMark() throws Exception {
    setTime(-1);
    look();
    writeTwoUnderTheOldMark();
    look();
    look();

    assertThat(changes).hasValue(1);
  }

  private void writeTwoUnderTheOldMark() throws Exception {
    var before = Files.getLastModifiedTime(file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, before);
  }

  private void setTime(int secondsFromNow) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(clock.now().plusSeconds(secondsFromNow)));
  }

  private void look() throws Exception {
    clock.advance(FileWatch.INTERVAL);
    clock.awaitWaiting(1);
  }
}
