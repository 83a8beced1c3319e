package io.raybridge.xray;

/**
 * Makes bodies of calls with an eighth more room than those of late needed, so that they need not
 * grow, and take no more than that. Not safe for two threads at once.
 */
public final class NewBodies {
  private final int smallest;
  private int expected;

  /**
   * @param smallest how many bytes a body has room for at least
   */
  public NewBodies(int smallest) {
    this.smallest = smallest;
    expected = smallest;
  }

  /** A body that holds nothing yet. */
  public DocumentBuffer next() {
    return new DocumentBuffer(
        DocumentBuffer.DOCUMENTS_PER_CALL, DocumentBuffer.FULL_AT_BYTES, expected);
  }

  /** A body has become as long as it will. */
  public void learn(DocumentBuffer body) {
    int needed = body.length() + body.length() / 8;
    expected =
        Math.clamp(
            Math.max(needed, expected - expected / 16), smallest, DocumentBuffer.FULL_AT_BYTES);
  }

  /** Whether a body has more than twice the room that the next one will begin with. */
  public boolean isOutgrown(DocumentBuffer body) {
    return body.bytes().length > 2 * expected;
  }
}
