package io.raybridge.api;

/** Makes processors of one type. */
public non-sealed interface ProcessorFactory<C extends Record> extends ComponentFactory<C> {
  /** Makes a processor. Opens nothing yet: that is {@link Component#start()}'s part. */
  Processor create(C config, Context context);
}
