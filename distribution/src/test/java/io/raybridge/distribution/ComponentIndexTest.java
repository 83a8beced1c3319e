package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ComponentFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentIndexTest {
  @TempDir Path dir;
  private Path file;
  private Path a;
  private Path b;

  @BeforeEach
  void jars() throws Exception {
    file = dir.resolve("index");
    a = Files.writeString(dir.resolve("a.jar"), "a");
    b = Files.writeString(dir.resolve("b.jar"), "b");
    index(a + ":" + b).write(BuiltIn.onClassPath());
  }

  @Test
  void sameClassPath_givesTheFactoriesInTheirOrder() {
    var factories = index(a + ":" + b).factories();

    assertThat(names(factories.orElseThrow())).isEqualTo(names(BuiltIn.onClassPath())).isNotEmpty();
  }

  @Test
  void movedFolder_isTheSame() throws Exception {
    var moved = Files.createDirectory(dir.resolve("moved"));
    for (var jar : List.of(a, b)) Files.move(jar, moved.resolve(jar.getFileName()));

    assertThat(index(moved.resolve("a.jar") + ":" + moved.resolve("b.jar")).factories())
        .isPresent();
  }

  @Test
  void anotherClassPath_isSearchedAnew() throws Exception {
    assertThat(index(a + ":" + b + ":c.jar").factories()).isEmpty();
    assertThat(index(b + ":" + a).factories()).isEmpty();
    assertThat(index(a.toString()).factories()).isEmpty();
    Files.writeString(b, "bb");
    assertThat(index(a + ":" + b).factories()).isEmpty();
  }

  @Test
  void jarOfAnotherTime_isSearchedAnew() throws Exception {
    Files.setLastModifiedTime(a, FileTime.fromMillis(1_000));

    assertThat(index(a + ":" + b).factories()).isEmpty();
  }

  @Test
  void whatCannotBeRead_isSearchedAnew() throws Exception {
    var lines = Files.readAllLines(file);
    for (var bad : List.of("no.such.Factory", "java.lang.Object", "java.lang.Runnable")) {
      Files.write(file, List.of(lines.getFirst(), bad));
      assertThat(index(a + ":" + b).factories()).as(bad).isEmpty();
    }
    Files.write(file, lines.subList(0, 1));
    assertThat(index(a + ":" + b).factories()).isEmpty();
    Files.delete(file);
    assertThat(index(a + ":" + b).factories()).isEmpty();
  }

  private ComponentIndex index(String classPath) {
    return new ComponentIndex(file, classPath);
  }

  private static List<String> names(List<ComponentFactory<?>> factories) {
    return factories.stream().map(factory -> factory.getClass().getName()).toList();
  }
}
