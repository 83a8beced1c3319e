package io.raybridge.config;

import java.util.List;
import java.util.Optional;

/**
 * What loading a configuration came to, in the order of the files.
 *
 * @param config empty when there are problems
 * @param problems what keeps the collector from starting
 * @param warnings what the user should know and may leave as it is
 */
public record LoadResult(
    Optional<CollectorConfig> config, List<Problem> problems, List<Problem> warnings) {}
