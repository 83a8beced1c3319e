package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import java.time.Duration;

/** Runs a collector by the engine, from start to SIGTERM and the end. */
final class Collecting implements RunCommand.Runner {
  @Override
  public int run(CollectorConfig config, Duration shutdownTimeout, Surroundings surroundings) {
    surroundings.err().println("this build has no engine to run the configuration with");
    return 1;
  }
}
