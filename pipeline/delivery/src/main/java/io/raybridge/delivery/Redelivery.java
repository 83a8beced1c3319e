package io.raybridge.delivery;

import java.util.List;

/** Sends dead letters of one exporter again, outside of any pipeline and without its queue. */
public interface Redelivery extends AutoCloseable {
  /**
   * Sends what can go in one or more requests, each as often as the exporter's {@code
   * retry_on_failure} says, and waits for what became of it.
   *
   * @param letters of this exporter
   * @return those that did not arrive
   */
  List<Returned> send(List<DeadLetter> letters) throws InterruptedException;

  /** How many letters it is given at once; more than one where some go in a request together. */
  default int atOnce() {
    return 500;
  }

  @Override
  void close();

  /**
   * A document that did not arrive.
   *
   * @param refused whether the destination refused it for good; else it could not be reached
   */
  record Returned(Document document, boolean refused, String code, String message) {}

  /** An exporter whose dead letters can be sent again. */
  interface Able {
    /** Opens a way to the destination. The exporter need not have been started, and is not. */
    Redelivery redelivery() throws Exception;
  }
}
