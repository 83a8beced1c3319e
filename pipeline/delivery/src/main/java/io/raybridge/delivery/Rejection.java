package io.raybridge.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Items that will never arrive, and why.
 *
 * @param code a short fixed word for counting, such as {@code ValidationException}
 * @param message for people; never telemetry content, never a secret
 * @param traceId the first trace id concerned, in hex, or null when none is known
 */
public record Rejection(int items, String code, String message, @Nullable String traceId) {}
