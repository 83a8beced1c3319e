package io.raybridge.api;

/**
 * Thrown by a configuration record's own checks. Whoever binds it adds file, line, column and path
 * of the key.
 */
public final class Invalid extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String key;

  /**
   * @param key the key as in YAML, possibly with dots into nested records
   * @param message the value and what was expected: {@code 512 (expected: < limit_mib, 400)}
   */
  public Invalid(String key, String message) {
    super(message);
    this.key = key;
  }

  /** The key as in YAML. */
  public String key() {
    return key;
  }
}
