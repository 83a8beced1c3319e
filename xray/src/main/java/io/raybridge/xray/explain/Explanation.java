package io.raybridge.xray.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one span.
 *
 * @param dropped why the span became no document, or null
 * @param documents its documents: its own, then that of the service above a first call
 * @param parts everything that the span, its resource and its scope say, with what became of it
 * @param notes what the translation noted about it, as {@code document_trimmed}
 */
public record Explanation(
    String traceId,
    String spanId,
    String name,
    @Nullable String dropped,
    List<Document> documents,
    List<Part> parts,
    List<String> notes) {

  /** A document, whole and field by field. */
  public record Document(String json, List<Field> fields) {}

  /**
   * A value in a document.
   *
   * @param path JSON pointer
   * @param value as JSON
   * @param from the parts of the span whose values it shows, in any form
   * @param decidedBy other parts without which it would be another or not there
   */
  public record Field(String path, String value, List<String> from, List<String> decidedBy) {}

  /**
   * One thing that was sent: an attribute under its key, those of others after {@code resource},
   * {@code scope}, {@code event N} and {@code link N}.
   *
   * @param places JSON pointers of the fields that show it; with {@link Fate#DECIDES} of those it
   *     decides
   * @param why why it is left out, else empty
   */
  public record Part(String name, boolean attribute, Fate fate, List<String> places, String why) {}

  /** Where a part went; what went to several places has the first of these. */
  public enum Fate {
    /** To a field with a meaning of its own. */
    MAPPED,
    ANNOTATED,
    METADATA,
    /** Nowhere itself, but fields depend on it. */
    DECIDES,
    LEFT_OUT
  }
}
