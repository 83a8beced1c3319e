package io.raybridge.api;

/** Makes connectors of one type. */
public non-sealed interface ConnectorFactory<C extends Record> extends ComponentFactory<C> {
  /** Makes a connector. Opens nothing yet: that is {@link Component#start()}'s part. */
  Connector create(C config, Outputs outputs, Context context);
}
