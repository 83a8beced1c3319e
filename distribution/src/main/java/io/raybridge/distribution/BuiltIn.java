package io.raybridge.distribution;

import io.raybridge.api.ComponentFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The components that are on the class path. */
final class BuiltIn {
  private BuiltIn() {}

  static List<ComponentFactory<?>> factories() {
    return ComponentIndex.ofProcess()
        .flatMap(ComponentIndex::factories)
        .orElseGet(BuiltIn::onClassPath);
  }

  static List<ComponentFactory<?>> onClassPath() {
    List<ComponentFactory<?>> factories = new ArrayList<>();
    ServiceLoader.load(ComponentFactory.class).forEach(factories::add);
    return factories;
  }
}
