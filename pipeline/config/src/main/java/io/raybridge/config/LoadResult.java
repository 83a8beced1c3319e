package io.raybridge.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What loading a configuration came to, in the order of the files.
 *
 * @param config empty when there are problems
 * @param problems what keeps the collector from starting
 * @param warnings what the user should know and may leave as it is
 * @param files all files that were read or should have been, with what was in them
 */
public record LoadResult(
    Optional<CollectorConfig> config,
    List<Problem> problems,
    List<Problem> warnings,
    Map<Path, Stamp> files) {}
