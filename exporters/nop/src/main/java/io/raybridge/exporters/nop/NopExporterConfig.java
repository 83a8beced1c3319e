package io.raybridge.exporters.nop;

/** The {@code nop} exporter has no keys. */
public record NopExporterConfig() {}
