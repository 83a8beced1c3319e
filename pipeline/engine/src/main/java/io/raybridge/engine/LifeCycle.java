package io.raybridge.engine;

import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Starts components in order and stops them in the opposite order, whatever one of them does. Each
 * stops on its own thread, so that one that hangs costs the others no more than the shared
 * deadline.
 */
final class LifeCycle {
  /**
   * What each gets beyond the deadline, to let go of files and sockets: one that sends to the last
   * moment has not misbehaved.
   */
  private static final Duration LAST_CHANCE = Duration.ofMillis(250);

  private final System.Logger log;

  LifeCycle(System.Logger log) {
    this.log = log;
  }

  /** Starts all; if one fails, those before it are stopped again. */
  void start(List<Node> order, Supplier<Deadline> deadlineOfUndoing) throws StartException {
    List<Node> started = new ArrayList<>();
    for (var node : order) {
      // What one opens before it fails is closed too.
      started.add(node);
      try {
        node.component().start();
      } catch (Exception e) {
        if (e instanceof InterruptedException) Thread.currentThread().interrupt();
        stop(started, deadlineOfUndoing.get());
        throw StartException.of(node.id(), e);
      }
    }
  }

  /**
   * Stops in the opposite of the order of the start. A receiver gets half of the time at most: a
   * client that does not let go must not cost what is queued its chance to be sent. Returns whether
   * all stopped by themselves and in time.
   */
  boolean stop(List<Node> order, Deadline deadline) {
    boolean clean = true;
    var halfWay = Deadline.in(deadline.left().dividedBy(2), deadline.clock());
    for (var node : order.reversed()) {
      clean &= stop(node, node.id().kind() == Kind.RECEIVER ? halfWay : deadline);
    }
    return clean;
  }

  private boolean stop(Node node, Deadline deadline) {
    var name = node.toString();
    var failure = new Throwable[1];
    var thread =
        Thread.ofPlatform()
            .name("stop-" + node.id())
            .daemon()
            .start(() -> {
              try {
                node.component().stop(deadline);
              } catch (Throwable e) {
                failure[0] = e;
              }
            });
    try {
      if (!join(thread, deadline.left().plus(LAST_CHANCE))) {
        log.log(
            System.Logger.Level.ERROR, name + " did not stop by the deadline and was interrupted");
        thread.interrupt();
        join(thread, LAST_CHANCE);
        return false;
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      return false;
    }
    if (failure[0] == null) return true;
    log.log(System.Logger.Level.ERROR, name + " failed to stop", failure[0]);
    return false;
  }

  private static boolean join(Thread thread, Duration patience) throws InterruptedException {
    return thread.join(patience);
  }
}
