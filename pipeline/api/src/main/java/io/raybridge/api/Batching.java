package io.raybridge.api;

/**
 * A queue that can put batches together behind the point at which it answered for them, so that
 * nothing acknowledged waits in front of it.
 */
public interface Batching {
  /** From now on batches leave as the request says. Called at most once, before the start. */
  void batch(BatchRequest request);
}
