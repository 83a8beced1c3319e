package io.raybridge.sampling;

/** A pattern for one attribute of a span or its resource, by any of the attribute's names. */
public final class AttributePattern {
  private final int[] ids;
  private final Wildcard pattern;

  /**
   * @param keys learns the attribute's names
   */
  public AttributePattern(String attribute, String pattern, SpanKeys keys) {
    this.ids = keys.of(attribute);
    this.pattern = Wildcard.of(pattern);
  }

  /** Whether the attribute is there and matches. */
  public boolean matches(RequestView request) {
    return request.matches(ids, pattern);
  }
}
