package io.raybridge.api;

import java.io.IOException;

/**
 * What an extension offers that keeps data beyond the end of the process, such as {@code
 * file_storage}. Found by {@link Host#extension}.
 */
public interface Storage {
  /**
   * Opens a component's spool, with what earlier processes left in it. A spool has one user at a
   * time, on the whole machine.
   *
   * @param name tells the spools of one component apart, such as the key of a signal
   * @throws InUseException when another component in this process has it
   * @throws IOException when it cannot be had: another process has it, it cannot be written, it has
   *     a newer format. The message names the directory and what was expected
   */
  Spool open(ComponentId owner, String name) throws IOException;

  /**
   * Somebody in this process has the spool: after a reload the predecessor, which is about to stop.
   */
  final class InUseException extends IOException {
    private static final long serialVersionUID = 1L;

    public InUseException(String message) {
      super(message);
    }
  }
}
