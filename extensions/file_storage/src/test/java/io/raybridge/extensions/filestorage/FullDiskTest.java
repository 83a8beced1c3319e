package io.raybridge.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Outcome;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes that the kernel refuses half way. The limit of a process on the size of its files
 * (RLIMIT_FSIZE) is one that any user can set; a disk that is really full is tried in interop/.
 */
@Timeout(60)
class FullDiskTest {
  @TempDir Path dir;

  @Test
  void refusedWrite_isNamedAndTakenBackAndLaterOnesWork() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.append("before");
      Object answer;
      try (var _ = new FileSizeLimit(10_000)) {
        answer = rig.offer("x".repeat(300_000), false).get();
      }

      assertThat(answer)
          .isEqualTo(
              new Outcome.Retry(
                  Outcome.Cause.UNAVAILABLE,
                  "storage cannot be written: File too large",
                  Duration.ofSeconds(1)));
      assertThat(rig.warnings())
          .containsExactly(
              "WARNING cannot write in "
                  + rig.folder
                  + ": File too large; clients are told to come again until that works");
      String[] label = {"spool", "exporter_otlp_traces"};
      String[] reason = {"spool", "exporter_otlp_traces", "reason", "no_space"};
      var telemetry = rig.context.telemetry();
      assertThat(telemetry.gauge("otelcol_file_storage_failing", label)).isEqualTo(1);
      assertThat(telemetry.counter("otelcol_file_storage_write_failures", reason)).isEqualTo(1);

      rig.append("after");
      assertThat(telemetry.gauge("otelcol_file_storage_failing", label)).isZero();
      assertThat(rig.context.log().lines().getLast()).contains("works again after");
      assertThat(rig.read()).containsExactly("before", "after");
    }
    try (var rig = new SpoolRig(dir)) {
      assertThat(rig.read()).containsExactly("before", "after");
      assertThat(rig.warnings()).isEmpty();
    }
  }

  @Test
  void fullDisk_stillGivesBackWhatIsSettled() throws Exception {
    try (var rig = new SpoolRig(dir, "max_size: 1048576")) {
      var position = rig.keep("x".repeat(20_000));
      try (var _ = new FileSizeLimit(0)) {
        assertThat(rig.offer("y", false).get()).isInstanceOf(Outcome.Retry.class);
        rig.spool.settle(List.of(position));
        rig.awaitFiles(0);
      }
      rig.append("after");
      assertThat(rig.read()).containsExactly("after");
    }
  }

  /** What this process may write into a file, until it is closed. */
  private static final class FileSizeLimit implements AutoCloseable {
    private static final int RLIMIT_FSIZE = 1;
    private final long before;

    FileSizeLimit(long bytes) throws Exception {
      before = change(bytes);
    }

    @Override
    public void close() throws Exception {
      change(before);
    }

    private static long change(long soft) throws Exception {
      var linker = Linker.nativeLinker();
      var type =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
      var get = linker.downcallHandle(linker.defaultLookup().findOrThrow("getrlimit"), type);
      var set = linker.downcallHandle(linker.defaultLookup().findOrThrow("setrlimit"), type);
      try (var arena = Arena.ofConfined()) {
        MemorySegment limits = arena.allocate(ValueLayout.JAVA_LONG, 2);
        int got = (int) get.invokeExact(RLIMIT_FSIZE, limits);
        long old = limits.getAtIndex(ValueLayout.JAVA_LONG, 0);
        limits.setAtIndex(ValueLayout.JAVA_LONG, 0, soft);
        int done = (int) set.invokeExact(RLIMIT_FSIZE, limits);
        if (got != 0 || done != 0) throw new AssertionError("setrlimit refused " + soft);
        return old;
      } catch (Exception e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
  }
}
