package io.raybridge.exporters.debug;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.util.List;
import java.util.Optional;

/** Keys under {@code exporters.debug}, with the Go exporter's names and defaults. */
public record DebugExporterConfig(
    @Key(
            doc =
                "`basic` counts each batch in one line, `normal` adds about a line per item,"
                    + " `detailed` all there is.",
            def = "basic")
        Verbosity verbosity,
    @Key(doc = "Batches of a signal printed in each second before sampling.", def = "2", min = 0)
        int samplingInitial,
    @Key(
            doc = "After those, every how many batches one is printed; 1 prints all, 0 none.",
            def = "1",
            min = 0)
        int samplingThereafter,
    @Key(
            doc = "Print through the collector's log, with its level, encoding and outputs.",
            def = "true")
        boolean useInternalLogger,
    @Key(
            doc =
                "Where to print instead: `stdout`, `stderr` or files. Only without the internal"
                    + " logger; `[stdout]` if left out.")
        Optional<List<String>> outputPaths,
    @Key(doc = "Print later, from a queue.", notYet = "this exporter prints while the sender waits")
        Optional<Object> sendingQueue) {

  /** How much is printed. */
  public enum Verbosity {
    BASIC,
    NORMAL,
    DETAILED
  }

  public DebugExporterConfig {
    if (outputPaths.isPresent() && useInternalLogger) {
      throw new Invalid(
          "output_paths",
          outputPaths.get() + " (expected: only together with use_internal_logger: false)");
    }
    if (outputPaths.isPresent() && outputPaths.get().isEmpty()) {
      throw new Invalid("output_paths", "[] (expected: at least one of stdout, stderr, a file)");
    }
  }
}
