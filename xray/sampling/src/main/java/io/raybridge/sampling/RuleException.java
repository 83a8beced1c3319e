package io.raybridge.sampling;

/** A sampling rule that cannot be read; the message names the field and what was expected. */
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  public RuleException(String message) {
    super(message);
  }
}
