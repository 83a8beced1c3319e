package io.raybridge.engine;

import io.raybridge.api.Component;
import io.raybridge.api.ComponentId;

/** One instance of a component. Two are the same only if the component itself is the same. */
record Node(ComponentId id, Component component, Gauges gauges) {
  Node(ComponentId id, Component component) {
    this(id, component, new Gauges());
  }

  /** For people: the kind and the id. */
  @Override
  public String toString() {
    return id.kind().word() + " " + id;
  }
}
