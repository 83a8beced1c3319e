package io.raybridge.processors.tailsampling;

/** A condition that is not understood, and where. */
final class OttlException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param at the place in the condition, from 0
   */
  OttlException(int at, String message) {
    super("at character " + (at + 1) + ": " + message);
  }
}
