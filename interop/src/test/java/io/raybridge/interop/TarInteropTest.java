package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tar, unpacked as a user does it: its launcher and its own Java runtime, no JDK anywhere. */
@Timeout(180)
class TarInteropTest {
  @TempDir static Path dir;
  private static Path home;

  @BeforeAll
  static void unpack() throws Exception {
    Path tar;
    try (Stream<Path> files = Files.list(Path.of("../distribution/packages/target"))) {
      tar = files.filter(each -> each.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    Program.run("tar", "-xzf", tar.toString(), "-C", dir.toString());
    home = dir.resolve(tar.getFileName().toString().replace(".tar.gz", ""));
  }

  @Test
  void launcher_recordsTheCacheRunsTakesATraceAndStops() throws Exception {
    launch("--prepare");
    assertThat(home.resolve("raybridge.aot")).isNotEmptyFile();
    assertThat(launch("components", Map.of("RAYBRIDGE_JAVA_OPTS", "-XX:AOTMode=on")))
        .as("with the cache, which must fit")
        .contains("awsxray");

    int port = Collector.freePort();
    Path sent = dir.resolve("sent.json");
    Path config = JarInteropTest.toFile(dir, port, sent);
    // By a link, as one in /usr/local/bin would be.
    Path link = Files.createSymbolicLink(dir.resolve("raybridge"), home.resolve("bin/raybridge"));
    try (var collector =
        new Collector(
            dir.resolve("log"),
            "\tready",
            bare(Map.of()),
            link.toString(),
            "--config",
            config.toString())) {
      assertThat(JarInteropTest.sendSpan(port)).isEqualTo(200);
      assertThat(collector.stop()).as(collector.log()).isZero();
    }
    assertThat(sent).content().contains("span of the test");
  }

  @Test
  void memoryLimit_sizesTheHeap() throws Exception {
    assertThat(launch("--jvm-options", Map.of("RAYBRIDGE_MEMORY_LIMIT_MIB", "512")))
        .contains("-Xmx358m");
  }

  private static String launch(String argument) throws IOException, InterruptedException {
    return launch(argument, Map.of());
  }

  private static String launch(String argument, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(home.resolve("bin/raybridge").toString(), argument);
    builder.redirectErrorStream(true).environment().putAll(bare(environment));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** No JDK is to be found where a JDK is looked for. */
  private static Map<String, String> bare(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.put("JAVA_HOME", "/nowhere");
    all.put("PATH", "/usr/bin:/bin");
    return all;
  }
}
