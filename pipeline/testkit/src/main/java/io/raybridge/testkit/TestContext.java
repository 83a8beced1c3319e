package io.raybridge.testkit;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Diagnostics;
import io.raybridge.api.Extension;
import io.raybridge.api.Host;
import io.raybridge.api.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the engine gives a component, recording what the component does with it. One per component
 * under test.
 */
public final class TestContext implements Host {
  private final RecordingTelemetry telemetry = new RecordingTelemetry();
  private final RecordingLedger ledger = new RecordingLedger();
  private final RecordingLog log = new RecordingLog();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final Map<String, Extension> extensions = new ConcurrentHashMap<>();
  private final ComponentId id;
  private final Clock clock;
  private final Path dataDir;
  private Diagnostics diagnostics = Diagnostics.NONE;

  private TestContext(ComponentId id, Clock clock, Path dataDir) {
    this.id = id;
    this.clock = clock;
    this.dataDir = dataDir;
  }

  /** For a component of this id, such as {@code otlp/2}, on the machine's clock. */
  public static TestContext of(Kind kind, String id) {
    return of(kind, id, Clock.SYSTEM);
  }

  /** The same on another clock; files go to a new folder under the build's temporary one. */
  public static TestContext of(Kind kind, String id, Clock clock) {
    try {
      var dir = Files.createTempDirectory("raybridge-test");
      dir.toFile().deleteOnExit();
      return of(kind, id, clock, dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with a folder that outlives this context, for tests of restarts. */
  public static TestContext of(Kind kind, String id, Clock clock, Path dataDir) {
    return new TestContext(ComponentId.of(kind, id), clock, dataDir);
  }

  /** Lets the component find this extension. */
  public TestContext with(String id, Extension extension) {
    extensions.put(id, extension);
    return this;
  }

  /** Lets the component find these pages. */
  public TestContext with(Diagnostics pages) {
    diagnostics = pages;
    return this;
  }

  /** What to hand to the factory. */
  public Context context() {
    return new Context(id, log, clock, telemetry, ledger, this, dataDir);
  }

  /** The component's metrics. */
  public RecordingTelemetry telemetry() {
    return telemetry;
  }

  /** The component's ledger. */
  public RecordingLedger ledger() {
    return ledger;
  }

  /** What the component logged. */
  public RecordingLog log() {
    return log;
  }

  /** What the component called fatal. */
  public List<Throwable> fatal() {
    return List.copyOf(fatal);
  }

  /** A deadline this far ahead on this context's clock. */
  public Deadline deadline(Duration ahead) {
    return Deadline.in(ahead, clock);
  }

  @Override
  public <T> Optional<T> extension(String id, Class<T> capability) {
    return Optional.ofNullable(extensions.get(id))
        .filter(capability::isInstance)
        .map(capability::cast);
  }

  @Override
  public Diagnostics diagnostics() {
    return diagnostics;
  }

  @Override
  public void fatal(ComponentId who, Throwable why) {
    fatal.add(why);
  }
}
