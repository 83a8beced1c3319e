package io.raybridge.api;

/** Makes extensions of one type. */
public non-sealed interface ExtensionFactory<C extends Record> extends ComponentFactory<C> {
  /** Makes a extension. Opens nothing yet: that is {@link Component#start()}'s part. */
  Extension create(C config, Context context);
}
