package io.raybridge.engine;

import io.raybridge.api.Component;
import io.raybridge.api.ConnectorFactory;
import io.raybridge.api.Context;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Outputs;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.config.CollectorConfig.Configured;

/**
 * Calls factories. A factory and its configuration come from one descriptor, which is what the
 * second method of each pair says to the compiler.
 */
final class Making {
  private Making() {}

  static Component receiver(Configured<?> part, Outputs outputs, Context context) {
    return receiver((ReceiverFactory<?>) part.factory(), part.config(), outputs, context);
  }

  private static <C extends Record> Component receiver(
      ReceiverFactory<C> factory, Record config, Outputs outputs, Context context) {
    return factory.create(factory.descriptor().config().cast(config), outputs, context);
  }

  static Component processor(Configured<?> part, Context context) {
    return processor((ProcessorFactory<?>) part.factory(), part.config(), context);
  }

  private static <C extends Record> Component processor(
      ProcessorFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }

  static Component exporter(Configured<?> part, Context context) {
    return exporter((ExporterFactory<?>) part.factory(), part.config(), context);
  }

  private static <C extends Record> Component exporter(
      ExporterFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }

  static Component connector(Configured<?> part, Outputs outputs, Context context) {
    return connector((ConnectorFactory<?>) part.factory(), part.config(), outputs, context);
  }

  private static <C extends Record> Component connector(
      ConnectorFactory<C> factory, Record config, Outputs outputs, Context context) {
    return factory.create(factory.descriptor().config().cast(config), outputs, context);
  }

  static Component extension(Configured<?> part, Context context) {
    return extension((ExtensionFactory<?>) part.factory(), part.config(), context);
  }

  private static <C extends Record> Component extension(
      ExtensionFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }
}
