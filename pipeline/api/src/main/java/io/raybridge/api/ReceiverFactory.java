package io.raybridge.api;

/** Makes receivers of one type. */
public non-sealed interface ReceiverFactory<C extends Record> extends ComponentFactory<C> {
  /** Makes a receiver. Opens nothing yet: that is {@link Component#start()}'s part. */
  Receiver create(C config, Outputs outputs, Context context);
}
