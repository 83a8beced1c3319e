package io.raybridge.local.store;

/**
 * What was measured of a series at a moment.
 *
 * @param values a JSON object with the members of the MetricDatum that carry values
 */
public record Datum(Series series, long atMicros, String values) {}
