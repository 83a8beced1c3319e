package io.raybridge.local.store;

import java.util.List;

/** A trace with all its documents, oldest start first. */
public record StoredTrace(TraceRow row, List<String> documents) {}
