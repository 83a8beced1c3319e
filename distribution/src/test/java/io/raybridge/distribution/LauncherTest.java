package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * How {@code ./raybridge} finds its JDK and what it gives it, shown with folders that look like
 * one.
 */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "raybridge");

  /** The field "policy" of /proc/PID/stat, counted from the state, and its values: sched(7). */
  private static final int POLICY = 38;

  private static final int SCHED_OTHER = 0;
  private static final int SCHED_BATCH = 3;

  @TempDir Path dir;

  @Test
  void javaHome_isTakenWhenItIsOfTheRightVersion() throws Exception {
    var home = jdk("a", "25.0.3");
    var other = jdk("b", "25.0.1");

    assertThat(findJdk(LAUNCHER, home, other)).isEqualTo(home.toString());
  }

  @Test
  void firstReleaseOfTheVersion_isOfTheRightVersion() throws Exception {
    var home = jdk("a", "25");

    assertThat(findJdk(LAUNCHER, home, jdk("b", "17.0.2"))).isEqualTo(home.toString());
  }

  @Test
  void javaHomeOfAnotherVersion_isPassedOverForTheOneOnThePath() throws Exception {
    var path = jdk("b", "25.0.3");

    assertThat(findJdk(LAUNCHER, jdk("a", "17.0.9"), path)).isEqualTo(path.toString());
    assertThat(findJdk(LAUNCHER, jdk("c", "250.1"), path)).isEqualTo(path.toString());
  }

  @Test
  void linkToTheLauncher_worksAsTheLauncher() throws Exception {
    var home = jdk("a", "25.0.3");
    var link = Files.createSymbolicLink(dir.resolve("link"), LAUNCHER.toRealPath());

    assertThat(findJdk(link, home, home)).isEqualTo(home.toString());
    Files.delete(link);
  }

  @Test
  void memoryLimit_leavesRoomBesideTheHeap() throws Exception {
    assertThat(jvmOptions("")).contains("-Xmx512m").doesNotContain("MaxDirectMemorySize");
    assertThat(jvmOptions("128")).contains("-Xmx64m", "-Xmn16m", "-XX:MaxDirectMemorySize=16m");
    assertThat(jvmOptions("256")).contains("-Xmx128m", "-Xmn24m", "-XX:MaxDirectMemorySize=32m");
    assertThat(jvmOptions("2048")).contains("-Xmx1433m", "-XX:MaxDirectMemorySize=256m");
  }

  @Test
  void ownOptions_comeLast() throws Exception {
    assertThat(jvmOptions("")).endsWith("-Xmx77m");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void scheduling_isBatchUnlessAskedOtherwise() throws Exception {
    assertThat(schedulingPolicy("")).isEqualTo(SCHED_BATCH);
    assertThat(schedulingPolicy("other")).isEqualTo(SCHED_OTHER);
  }

  /** What the kernel says of a process that was started after the launchers' function. */
  private static int schedulingPolicy(String asked) throws Exception {
    String script =
        ". ../distribution/src/launcher/jvm-options; batch_scheduling; cat /proc/self/stat";
    var builder = new ProcessBuilder("sh", "-ec", script).redirectErrorStream(true);
    if (!asked.isEmpty()) builder.environment().put("RAYBRIDGE_SCHEDULING", asked);
    var process = builder.start();
    var stat = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    var afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Integer.parseInt(afterName[POLICY]);
  }

  private String jvmOptions(String limitMib) throws Exception {
    var home = jdk("limit" + limitMib, "25.0.3");
    return run(
        "--jvm-options",
        LAUNCHER,
        home,
        home,
        Map.of("RAYBRIDGE_MEMORY_LIMIT_MIB", limitMib, "RAYBRIDGE_JAVA_OPTS", "-Xmx77m"));
  }

  /** A folder that says of itself that it is a JDK of this version. */
  private Path jdk(String name, String version) throws IOException {
    var home = dir.resolve(name);
    var java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static String findJdk(Path launcher, Path javaHome, Path onPath) throws Exception {
    return run("--find-jdk", launcher, javaHome, onPath, Map.of());
  }

  private static String run(
      String what, Path launcher, Path javaHome, Path onPath, Map<String, String> environment)
      throws Exception {
    var builder = new ProcessBuilder(launcher.toString(), what).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("PATH", onPath.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }
}
