package io.raybridge.api;

/**
 * Makes components of one type. Found by {@link java.util.ServiceLoader}: {@code
 * META-INF/services/io.raybridge.api.ComponentFactory} in a component's jar names its factories.
 */
public sealed interface ComponentFactory<C extends Record>
    permits ReceiverFactory, ProcessorFactory, ExporterFactory, ConnectorFactory, ExtensionFactory {
  /** What is known of the type without creating one. */
  Descriptor<C> descriptor();
}
