package io.raybridge.local.store;

import java.io.IOException;

/**
 * The store could not be opened, read or written; the message names the directory and the cause.
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreException(String message) {
    super(message);
  }
}
