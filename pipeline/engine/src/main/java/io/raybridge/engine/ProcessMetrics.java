package io.raybridge.engine;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.opentelemetry.api.metrics.Meter;
import io.raybridge.api.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the process uses, under the names of the Go collector. Where Go speaks of its own runtime,
 * the JVM's nearest value stands in.
 */
final class ProcessMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMetrics() {}

  /** Asked for with the first reading: loading the JVM's management takes longer than a port. */
  private static final class Beans {
    static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
  }

  static void register(Meter meter, Clock clock) {
    long start = clock.nanoTime();
    meter
        .counterBuilder("otelcol_process_uptime")
        .ofDoubles()
        .setUnit("s")
        .setDescription("Uptime of the process")
        .buildWithCallback(now -> now.record((clock.nanoTime() - start) / 1e9));
    meter
        .counterBuilder("otelcol_process_cpu_seconds")
        .ofDoubles()
        .setUnit("s")
        .setDescription("Total CPU user and system time in seconds")
        .buildWithCallback(now -> now.record(Beans.SYSTEM.getProcessCpuTime() / 1e9));
    if (Files.isReadable(STATUS)) {
      meter
          .gaugeBuilder("otelcol_process_memory_rss")
          .ofLongs()
          .setUnit("By")
          .setDescription("Total physical memory (resident set size)")
          .buildWithCallback(now -> now.record(residentBytes()));
    }
    meter
        .gaugeBuilder("otelcol_process_runtime_heap_alloc_bytes")
        .ofLongs()
        .setUnit("By")
        .setDescription("Bytes of the heap in use, garbage not yet collected included")
        .buildWithCallback(now -> now.record(Beans.MEMORY.getHeapMemoryUsage().getUsed()));
    meter
        .counterBuilder("otelcol_process_runtime_total_alloc_bytes")
        .setUnit("By")
        .setDescription("Bytes allocated on the heap since the start")
        .buildWithCallback(now -> now.record(Beans.THREADS.getTotalThreadAllocatedBytes()));
    meter
        .gaugeBuilder("otelcol_process_runtime_total_sys_memory_bytes")
        .ofLongs()
        .setUnit("By")
        .setDescription("Bytes the JVM has reserved for heap and metadata")
        .buildWithCallback(now ->
            now.record(
                Beans.MEMORY.getHeapMemoryUsage().getCommitted()
                    + Beans.MEMORY.getNonHeapMemoryUsage().getCommitted()));
  }

  private static long residentBytes() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
