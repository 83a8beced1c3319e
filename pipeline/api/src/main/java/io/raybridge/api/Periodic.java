package io.raybridge.api;

/** What {@link Clock#every} does again and again. */
public interface Periodic extends AutoCloseable {
  /** Ends it. What has begun goes on to its end, and may still do so after this returned. */
  @Override
  void close();
}
