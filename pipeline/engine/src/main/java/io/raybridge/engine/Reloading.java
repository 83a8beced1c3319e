package io.raybridge.engine;

import io.raybridge.config.LoadResult;
import io.raybridge.config.Stamp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a running collector gets at its configuration again.
 *
 * @param source loads it, as it is then
 * @param files the files it was read from, with what was in them
 * @param watched whether a change of them is noticed, or only SIGHUP
 */
public record Reloading(Supplier<LoadResult> source, Map<Path, Stamp> files, boolean watched) {
  /** For a configuration that cannot change. */
  public static final Reloading NEVER =
      new Reloading(
          () -> new LoadResult(Optional.empty(), List.of(), List.of(), Map.of()), Map.of(), false);
}
