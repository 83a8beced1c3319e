package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Clock;
import io.raybridge.api.Component;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.testkit.RecordingLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final RecordingLog log = new RecordingLog();
  private final LifeCycle lifeCycle = new LifeCycle(log);

  @Test
  void started_stopsInTheOppositeOrder() throws Exception {
    var nodes = List.of(exporter("a"), exporter("b"));
    lifeCycle.start(nodes, LifeCycleTest::soon);

    assertThat(lifeCycle.stop(nodes, soon())).isTrue();
    assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
  }

  @Test
  void failedStart_namesTheComponentAndStopsThoseBefore() {
    var failing =
        new Node(
            ComponentId.of(Kind.RECEIVER, "otlp/2"),
            new Component() {
              @Override
              public void start() throws IOException {
                throw new IOException("port 4317 is in use");
              }
            });

    assertThatThrownBy(() -> lifeCycle.start(List.of(exporter("a"), failing), LifeCycleTest::soon))
        .isInstanceOf(StartException.class)
        .hasMessage("cannot start receiver otlp/2: port 4317 is in use");
    assertThat(events).containsExactly("start a", "stop a");
  }

  @Test
  void stopThatThrows_letsTheOthersStop() throws Exception {
    var failing =
        new Node(
            ComponentId.of(Kind.EXPORTER, "bad"),
            new Component() {
              @Override
              public void stop(Deadline deadline) {
                throw new IllegalStateException("bug");
              }
            });

    var nodes = List.of(exporter("a"), failing);
    lifeCycle.start(nodes, LifeCycleTest::soon);

    assertThat(lifeCycle.stop(nodes, soon())).isFalse();
    assertThat(events).containsExactly("start a", "stop a");
    assertThat(log.lines()).anyMatch(line -> line.contains("exporter bad failed to stop"));
  }

  @Test
  void stopThatHangs_isInterruptedAndNamed() throws Exception {
    var interrupted = new CountDownLatch(1);
    var hanging =
        new Node(
            ComponentId.of(Kind.EXPORTER, "slow"),
            new Component() {
              @Override
              public void stop(Deadline deadline) {
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                }
              }
            });

    var nodes = List.of(exporter("a"), hanging);
    lifeCycle.start(nodes, LifeCycleTest::soon);

    assertThat(lifeCycle.stop(nodes, Deadline.in(Duration.ofMillis(20), Clock.SYSTEM))).isFalse();
    interrupted.await();
    assertThat(events).contains("stop a");
    assertThat(log.lines()).anyMatch(line -> line.contains("exporter slow did not stop"));
  }

  @Test
  void receiverThatHangs_leavesHalfTheTimeToTheRest() throws Exception {
    var left = new CopyOnWriteArrayList<Duration>();
    var exporter =
        new Node(
            ComponentId.of(Kind.EXPORTER, "e"),
            new Component() {
              @Override
              public void stop(Deadline deadline) {
                left.add(deadline.left());
              }
            });
    var hanging =
        new Node(
            ComponentId.of(Kind.RECEIVER, "r"),
            new Component() {
              @Override
              public void stop(Deadline deadline) throws InterruptedException {
                new CountDownLatch(1).await();
              }
            });

    var nodes = List.of(exporter, hanging);
    lifeCycle.start(nodes, LifeCycleTest::soon);
    lifeCycle.stop(nodes, Deadline.in(Duration.ofSeconds(2), Clock.SYSTEM));

    assertThat(left.getFirst()).isPositive();
  }

  private Node exporter(String name) {
    return new Node(
        ComponentId.of(Kind.EXPORTER, name),
        new Component() {
          @Override
          public void start() {
            events.add("start " + name);
          }

          @Override
          public void stop(Deadline deadline) {
            events.add("stop " + name);
          }
        });
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30), Clock.SYSTEM);
  }
}
