package io.raybridge.xray;

import java.util.List;

/**
 * What a user may choose about the translation of spans to segment documents.
 *
 * @param indexAllAttributes every attribute that no block of the document takes becomes an
 *     annotation
 * @param indexedAttributes keys that become annotations; {@code *} stands for any run of
 *     characters, {@code otel.resource.} in front of a key means the resource's
 * @param awsLogGroups log groups of segments whose resource names none
 * @param epochCheck what to do with a trace id whose first eight digits are no time of the last 28
 *     days; X-Ray itself takes any id since October 2023
 * @param map64BitIds whether trace ids with 64 leading zero bits become full ids; the id sent is
 *     kept as annotation {@code otel_trace_id}
 * @param maskSql whether literals in SQL texts become {@code ?}
 */
public record TranslationConfig(
    boolean indexAllAttributes,
    List<String> indexedAttributes,
    List<String> awsLogGroups,
    EpochCheck epochCheck,
    boolean map64BitIds,
    boolean maskSql) {
  /** The Go exporter's defaults, and SQL masked. */
  public static final TranslationConfig DEFAULT =
      new TranslationConfig(false, List.of(), List.of(), EpochCheck.OFF, false, true);

  public TranslationConfig {
    indexedAttributes = List.copyOf(indexedAttributes);
    awsLogGroups = List.copyOf(awsLogGroups);
  }

  /** What to do with a trace id that does not begin with a recent time. */
  public enum EpochCheck {
    OFF,
    WARN,
    DROP
  }
}
