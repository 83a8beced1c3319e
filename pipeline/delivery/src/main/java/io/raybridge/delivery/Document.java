package io.raybridge.delivery;

import org.jspecify.annotations.Nullable;

/**
 * An encoded item as it stands in a request, from which a dead letter is made when it is given up.
 *
 * @param traceId its trace id in hex, or null where there is none
 * @param id the id by which the destination names it, or null where it does not
 * @param group what the items of one request have in common, such as a namespace; empty where
 *     everything may go together
 * @param items the spans, data points or records it stands for; 0 for one that goes with another
 * @param json a JSON value, byte for byte as it is sent
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Document(
    @Nullable String traceId, @Nullable String id, String group, int items, byte[] json) {}
