package io.raybridge.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StoreInAnotherProcessTest {
  @TempDir Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) process.destroyForcibly().waitFor();
  }

  @Test
  void killed_losesNothingThatWasAnswered() throws Exception {
    Process process = start(List.of());
    var answers = process.inputReader();
    for (int i = 0; i < 500; i++) answers.readLine();

    // Process.destroyForcibly would close the stream that still holds answers.
    process.toHandle().destroyForcibly();
    process.waitFor();

    List<String> rest = new ArrayList<>(answers.lines().toList());
    // The last line may have been cut off.
    if (!rest.isEmpty()) rest.removeLast();
    int last = rest.isEmpty() ? 498 : Integer.parseInt(rest.getLast());
    try (var store = TraceStore.open(StoreProcess.settings(directory), Clock.SYSTEM)) {
      for (int i = 0; i <= last; i++) {
        assertThat(store.trace(StoreProcess.traceId(i))).as("trace %s of %s", i, last).isPresent();
      }
    }
  }

  @Test
  void directoryInUse_isRefusedUntilTheOtherProcessIsDead() throws Exception {
    Process process = start(List.of());
    assertThat(process.inputReader().readLine()).isEqualTo("0");

    assertThatThrownBy(() -> TraceStore.open(StoreProcess.settings(directory), Clock.SYSTEM))
        .hasMessageContaining("in use by another process (pid " + process.pid() + ")");

    process.destroyForcibly().waitFor();
    TraceStore.open(StoreProcess.settings(directory), Clock.SYSTEM).close();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void diskThatTakesNoMore_isSaidWithFileAndCauseAndLosesNothing() throws Exception {
    // A limit on the size of files fails a write in the middle as a full disk does.
    Process process = start(List.of("bash", "-c", "ulimit -f 4096; exec \"$@\"", "bash"));

    List<String> lines = lines(process.inputReader());
    assertThat(lines.getLast())
        .startsWith("StoreException: cannot write " + directory.resolve("traces-000001.mv.db: "))
        .containsIgnoringCase("file too large");
    assertThat(lines.size()).isGreaterThan(2);

    try (var store = TraceStore.open(StoreProcess.settings(directory), Clock.SYSTEM)) {
      for (int i = 0; i < lines.size() - 1; i++) {
        assertThat(store.trace(StoreProcess.traceId(i))).as("trace %s", i).isPresent();
      }
    }
  }

  private static List<String> lines(BufferedReader reader) throws IOException {
    try (reader) {
      return reader.lines().toList();
    }
  }

  private Process start(List<String> prefix) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StoreProcess.class.getName(), directory.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(Files.createTempFile(directory, "stderr", ".txt").toFile())
            .start();
    processes.add(process);
    return process;
  }
}
