package io.raybridge.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items that will never arrive, and why.
 *
 * @param code a short fixed word for counting, such as {@code ValidationException}
 * @param message for people; never telemetry content, never a secret
 * @param traceId the first trace id concerned, in hex, or null when none is known
 * @param documents the items themselves for the dead letters; empty where they are not at hand
 */
public record Rejection(
    int items, String code, String message, @Nullable String traceId, List<Document> documents) {
  public Rejection {
    documents = List.copyOf(documents);
  }

  /** Items of which nothing is left to keep. */
  public Rejection(int items, String code, String message, @Nullable String traceId) {
    this(items, code, message, traceId, List.of());
  }
}
