package io.raybridge.api;

import io.raybridge.data.Signal;

/**
 * A component was put in a pipeline whose signal its descriptor does not name. The engine checks
 * first, so this is a bug.
 */
public final class UnsupportedSignalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnsupportedSignalException(Signal signal) {
    super("does not support " + signal.key());
  }
}
