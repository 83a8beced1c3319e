package io.raybridge.local.store;

/** A series with its latest datum and the number of data kept of it. */
public record SeriesRow(Datum latest, long count) {}
