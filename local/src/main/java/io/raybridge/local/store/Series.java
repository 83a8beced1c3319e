package io.raybridge.local.store;

/**
 * A metric as CloudWatch tells them apart.
 *
 * @param dimensions a JSON object, its names in order
 * @param unit such as {@code Milliseconds} or {@code None}
 */
public record Series(String namespace, String name, String dimensions, String unit) {}
