package io.raybridge.engine;

import io.raybridge.api.ComponentId;
import org.jspecify.annotations.Nullable;

/** The collector could not start; the message names the component and what it could not have. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1;
  private final transient @Nullable ComponentId component;

  StartException(String message, @Nullable Throwable cause) {
    this(message, cause, null);
  }

  private StartException(
      String message, @Nullable Throwable cause, @Nullable ComponentId component) {
    super(message, cause);
    this.component = component;
  }

  /** The component that could not be made or started, where it was one. */
  @Nullable ComponentId component() {
    return component;
  }

  static StartException of(ComponentId id, Throwable cause) {
    var why = cause.getMessage();
    return new StartException(
        "cannot start " + id.kind().word() + " " + id + ": " + (why == null ? cause : why),
        cause,
        id);
  }
}
