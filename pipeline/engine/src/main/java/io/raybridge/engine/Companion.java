package io.raybridge.engine;

/** Somebody who lives beside a collector in the foreground and is told when it comes and goes. */
public interface Companion {
  /** Nobody. */
  Companion NONE = new Companion() {};

  /** All pipelines are running. */
  default void ready() {}

  /** The collector is about to stop; what it should still get must be sent before this returns. */
  default void stopping() {}
}
