package io.raybridge.api;

/** Makes exporters of one type. */
public non-sealed interface ExporterFactory<C extends Record> extends ComponentFactory<C> {
  /** Makes a exporter. Opens nothing yet: that is {@link Component#start()}'s part. */
  Exporter create(C config, Context context);
}
