package io.raybridge.delivery;

/**
 * Where an encoder puts its work. Each item of the batch goes to exactly one of the two methods, so
 * that the ledger stays exact.
 */
public interface PayloadSink<P extends Payload> {
  /** Hands a request over to be sent; blocks while too much is in flight already. */
  void accept(P payload) throws InterruptedException;

  /** Says that items could not be encoded and never will be: counted and named as dropped. */
  void reject(Rejection rejection);
}
