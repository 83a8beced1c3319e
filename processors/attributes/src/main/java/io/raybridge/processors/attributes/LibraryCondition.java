package io.raybridge.processors.attributes;

import io.raybridge.data.Scope;
import io.raybridge.processors.attributes.MatchProperties.Library;
import io.raybridge.processors.attributes.MatchProperties.MatchType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for an instrumentation scope. */
final class LibraryCondition {
  private final Texts name;
  private final @Nullable Texts version;

  LibraryCondition(MatchType type, Library library) {
    name = new Texts(type, "libraries", List.of(library.name()));
    version =
        library.version().map(text -> new Texts(type, "libraries", List.of(text))).orElse(null);
  }

  boolean matches(Scope scope) {
    return name.matches(scope.name()) && (version == null || version.matches(scope.version()));
  }
}
