package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Component;
import io.raybridge.api.ComponentFactory;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every component keeps to, whatever its kind. A component's test implements the contract of
 * its kind, which includes this one, and supplies its factory and a configuration.
 */
public interface ComponentContract<C extends Record> {
  /** The factory of the component. */
  ComponentFactory<C> factory();

  /**
   * A configuration that works on any machine: loopback, free ports, folders of the test. In block
   * style, as below the component's id.
   */
  String yaml();

  /** Makes the component as the engine would. */
  Component create(C config, TestContext context);

  /** Whether a thread of this name may be there after the component stopped: one shared by all. */
  default boolean isShared(String thread) {
    return thread.startsWith("globalEventExecutor")
        || thread.startsWith("ForkJoinPool")
        || thread.startsWith("VirtualThread-unblocker")
        || thread.startsWith("Cleaner-")
        || thread.startsWith("process reaper");
  }

  /** How long threads may take to end after the component stopped. */
  default Duration patience() {
    return Duration.ofSeconds(10);
  }

  /** The configuration of {@link #yaml()}. */
  default C config() {
    return Binder.bind(factory().descriptor().config(), yaml()).orThrow();
  }

  /** A new context for the component. */
  default TestContext context() {
    return TestContext.of(Kind.of(factory()), factory().descriptor().type());
  }

  /** A deadline that a component which behaves never needs. */
  default Deadline generously() {
    return Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM);
  }

  @SuppressWarnings("rawtypes") // a class literal has no type argument
  @Test
  default void serviceFile_namesTheFactory() {
    var found = ServiceLoader.load(ComponentFactory.class).stream();

    assertThat(found).anyMatch(provider -> provider.type() == factory().getClass());
  }

  @Test
  default void readme_isTrue() {
    ReadmeContract.check(factory());
  }

  @Test
  default void defaults_areValid() {
    var problems = Binder.bind(factory().descriptor().config(), "{}").problems();

    assertThat(problems)
        .extracting(Problem::message)
        .allMatch(message -> message.startsWith("missing required key"));
  }

  @Test
  default void unknownKey_isReportedWithItsLine() {
    var yaml = yaml().isBlank() ? "" : yaml().stripTrailing() + "\n";
    long line = yaml.lines().count() + 1;

    var problems =
        Binder.bind(factory().descriptor().config(), yaml + "no_such_key: 1\n").problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().place().line()).isEqualTo(line);
    assertThat(problems.getFirst().message()).contains("no_such_key");
  }

  /** By this a reload tells what has changed. */
  @Test
  default void sameYaml_isAnEqualConfiguration() {
    assertThat(config()).isEqualTo(config());
  }

  @Test
  default void stopWithoutStart_isSafe() throws Exception {
    var component = create(config(), context());

    component.stop(generously());
    component.stop(generously());
  }

  @Test
  default void stop_leavesNoThreadAndMayBeRepeated() throws Exception {
    var before = threads();
    var component = create(config(), context());
    component.start();

    component.stop(generously());
    component.stop(generously());

    assertThat(leftOver(before)).as("threads left").isEmpty();
  }

  @Test
  default void stopped_makesRoomForTheNext() throws Exception {
    var config = config();
    for (int i = 0; i < 2; i++) {
      var component = create(config, context());
      component.start();
      component.stop(generously());
    }
  }

  private List<String> leftOver(Set<Thread> before) {
    long end = System.nanoTime() + patience().toNanos();
    while (true) {
      var left =
          threads().stream()
              .filter(thread -> !before.contains(thread))
              .map(Thread::getName)
              .filter(name -> !isShared(name))
              .toList();
      if (left.isEmpty() || System.nanoTime() > end) return left;
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream().collect(Collectors.toSet());
  }
}
