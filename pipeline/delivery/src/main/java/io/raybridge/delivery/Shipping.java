package io.raybridge.delivery;

import io.raybridge.api.Clock;
import io.raybridge.data.Batch;
import java.lang.System.Logger;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** What all requests of one queue share on their way. */
record Shipping<B extends Batch, P extends Payload>(
    Clock clock,
    Logger log,
    RetryConfig retry,
    DoubleSupplier random,
    Sender<P> sender,
    InFlight inFlight,
    Pace pace,
    Stopping stopping,
    Trouble trouble,
    Isolation isolation,
    Accounts<B> accounts,
    Consumer<Lot<B>> onSettled,
    Set<Thread> threads) {

  /** Waits for a place for a request, and sends it on a thread of its own. */
  void ship(Lot<B> lot, P payload, String threadName) throws InterruptedException {
    inFlight.enter(payload.sizeBytes());
    var shipment = new Shipment<>(this, lot, payload);
    start(threadName, shipment);
  }

  /** Sends a request on a thread of its own, which waits for a place where there is none now. */
  void shipLater(Lot<B> lot, P payload, String threadName) {
    var shipment = new Shipment<>(this, lot, payload);
    boolean entered = inFlight.tryEnter(payload.sizeBytes());
    start(threadName, entered ? shipment : shipment::enterAndRun);
  }

  private void start(String threadName, Runnable task) {
    var thread =
        Thread.ofVirtual()
            .name(threadName)
            .unstarted(() -> {
              try {
                task.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
  }

  /** Closes the lot if that was its last item. */
  void finish(Lot<B> lot) {
    if (!lot.close()) return;
    onSettled.accept(lot);
    lot.announce();
  }

  static Set<Thread> threadSet() {
    return ConcurrentHashMap.newKeySet();
  }
}
