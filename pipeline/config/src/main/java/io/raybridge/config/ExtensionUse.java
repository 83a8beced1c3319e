package io.raybridge.config;

import io.raybridge.api.ComponentId;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import java.util.List;
import java.util.Map;

/**
 * A key whose value is the id of an extension.
 *
 * @param offer what the extension must offer
 */
record ExtensionUse(String id, Class<?> offer, Place place, String path) {
  /**
   * Reports it if no such extension runs.
   *
   * @param running those in {@code service.extensions}
   */
  void check(
      Map<ComponentId, CollectorReader.Defined> defined,
      List<ComponentId> running,
      ComponentTypes types,
      Problems problems) {
    ComponentId extension = ComponentId.of(Kind.EXTENSION, id);
    CollectorReader.Defined found = defined.get(extension);
    if (found == null) {
      problems.error(place, path, undefined(defined, types));
    } else if (found.factory() instanceof ExtensionFactory<?> factory
        && !factory.offers().contains(offer)) {
      problems.error(place, path, unfit(types));
    } else if (!running.contains(extension)) {
      problems.error(
          place,
          path,
          "extension \"%s\" does not run (expected: %s in service.extensions)"
              .formatted(Printed.name(id), Printed.name(id)));
    }
  }

  private String undefined(
      Map<ComponentId, CollectorReader.Defined> defined, ComponentTypes types) {
    String what = "no extension \"%s\" is configured".formatted(Printed.name(id));
    List<String> fitting =
        defined.entrySet().stream()
            .filter(each -> fits(each.getValue()))
            .map(each -> each.getKey().toString())
            .toList();
    String near = Nearest.hint(id, fitting);
    if (!near.isEmpty()) {
      return what + near;
    }
    String type = ComponentId.of(Kind.EXTENSION, id).type();
    return types.find(Kind.EXTENSION, type) == null
        ? types.missing(Kind.EXTENSION, type)
        : "%s (expected: a key \"%s\" under extensions)".formatted(what, Printed.name(id));
  }

  private boolean fits(CollectorReader.Defined each) {
    return each.factory() instanceof ExtensionFactory<?> factory
        && factory.offers().contains(offer);
  }

  private String unfit(ComponentTypes types) {
    List<String> fitting =
        types.all(Kind.EXTENSION).stream()
            .filter(factory ->
                factory instanceof ExtensionFactory<?> extension
                    && extension.offers().contains(offer))
            .map(factory -> factory.descriptor().type())
            .toList();
    return "extension \"%s\" is of no use here (expected: one of type %s)"
        .formatted(Printed.name(id), String.join(" or ", fitting));
  }
}
