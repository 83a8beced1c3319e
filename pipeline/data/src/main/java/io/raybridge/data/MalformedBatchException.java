package io.raybridge.data;

/**
 * The one way in which bytes from outside are refused: they break the rules of protobuf, JSON or
 * OTLP.
 */
public final class MalformedBatchException extends Exception {
  private static final long serialVersionUID = 1;
  private final int position;

  /**
   * @param message what was wrong and what was expected; never telemetry content
   * @param position the byte at which it was found, counted from 0
   */
  public MalformedBatchException(String message, int position) {
    super(message + " at byte " + position);
    this.position = position;
  }

  /** The byte at which the problem was found, counted from 0. */
  public int position() {
    return position;
  }
}
