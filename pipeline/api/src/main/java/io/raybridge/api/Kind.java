package io.raybridge.api;

/** The five kinds of components, each a section of the configuration. */
public enum Kind {
  RECEIVER,
  PROCESSOR,
  EXPORTER,
  CONNECTOR,
  EXTENSION;

  /**
   * The section of a configuration in which components of this kind stand, such as {@code
   * receivers}.
   */
  public String section() {
    return word() + "s";
  }

  /** The kind in lower case, such as {@code receiver}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The kind that a factory makes. */
  public static Kind of(ComponentFactory<?> factory) {
    return switch (factory) {
      case ReceiverFactory<?> _ -> RECEIVER;
      case ProcessorFactory<?> _ -> PROCESSOR;
      case ExporterFactory<?> _ -> EXPORTER;
      case ConnectorFactory<?> _ -> CONNECTOR;
      case ExtensionFactory<?> _ -> EXTENSION;
    };
  }
}
