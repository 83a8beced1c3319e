package io.raybridge.config;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The component types that are built in, and those that other distributions have. */
final class ComponentTypes {
  private final Map<Kind, Map<String, ComponentFactory<?>>> builtIn = new EnumMap<>(Kind.class);

  /**
   * A type that another distribution has.
   *
   * @param distribution such as ADOT
   * @param advice what to do instead, or empty
   */
  private record Elsewhere(String distribution, String advice) {}

  static ComponentTypes of(List<ComponentFactory<?>> factories, Problems problems) {
    ComponentTypes types = new ComponentTypes();
    for (Kind kind : Kind.values()) {
      types.builtIn.put(kind, new LinkedHashMap<>());
    }
    for (ComponentFactory<?> factory : factories) {
      List<String> names = new ArrayList<>(factory.descriptor().aliases());
      names.addFirst(factory.descriptor().type());
      names.forEach(name -> types.add(name, factory, problems));
    }
    return types;
  }

  private void add(String name, ComponentFactory<?> factory, Problems problems) {
    Kind kind = Kind.of(factory);
    ComponentFactory<?> before = known(kind).putIfAbsent(name, factory);
    if (before != null) {
      problems.error(
          Place.whole("class path"),
          "",
          "two factories for %s \"%s\": %s and %s (expected: one)"
              .formatted(kind.word(), name, origin(before), origin(factory)));
    }
  }

  private static String origin(ComponentFactory<?> factory) {
    CodeSource source = factory.getClass().getProtectionDomain().getCodeSource();
    String from = source == null ? "" : " in " + source.getLocation();
    return factory.getClass().getName() + from;
  }

  private Map<String, ComponentFactory<?>> known(Kind kind) {
    return builtIn.computeIfAbsent(kind, _ -> new LinkedHashMap<>());
  }

  @Nullable ComponentFactory<?> find(Kind kind, String type) {
    return known(kind).get(type);
  }

  List<ComponentFactory<?>> all(Kind kind) {
    return known(kind).values().stream().distinct().toList();
  }

  /** Says why there is no factory for a type, and what to do. */
  String missing(Kind kind, String type) {
    Elsewhere other = elsewhere().get(fold(kind, type));
    if (other != null) {
      String advice = other.advice().isEmpty() ? advice(kind) : other.advice();
      return "%s \"%s\" of %s is not built in yet: %s"
          .formatted(kind.word(), type, other.distribution(), advice);
    }
    for (Kind otherKind : Kind.values()) {
      if (find(otherKind, type) != null) {
        return "\"%s\" is no %s (expected: under %s, since it is one of the %s)"
            .formatted(type, kind.word(), otherKind.section(), otherKind.section());
      }
    }
    String hint = Nearest.hint(type, known(kind).keySet());
    String expected = Unknown.list(new TreeMap<>(known(kind)).keySet());
    return "unknown %s type \"%s\"%s"
        .formatted(
            kind.word(),
            Printed.name(type),
            hint.isEmpty() ? " (expected: one of " + expected + ")" : hint);
  }

  private static String advice(Kind kind) {
    return switch (kind) {
      case RECEIVER -> "run it in a collector that has it and send on to this one with otlp";
      case PROCESSOR ->
          "take it out, or run it in a collector that has it, before or after this one";
      case EXPORTER -> "send with otlp to a collector that has it";
      case CONNECTOR ->
          "run it in a collector that has it, after this one, and send there with otlp";
      case EXTENSION -> "take it out, here and from service.extensions";
    };
  }

  /**
   * Reads the list of types: kind, type, distribution, and advice where there is better advice than
   * the general.
   */
  private static Map<String, Elsewhere> elsewhere() {
    Map<String, Elsewhere> types = new LinkedHashMap<>();
    try (InputStream in = ComponentTypes.class.getResourceAsStream("elsewhere.txt")) {
      if (in == null) {
        throw new IllegalStateException("elsewhere.txt is missing from the jar");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        String[] parts = line.split(" ", 4);
        Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
        types.putIfAbsent(
            fold(kind, parts[1]), new Elsewhere(parts[2], parts.length > 3 ? parts[3] : ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return types;
  }

  /** Many types were renamed to snake case at some time; both names mean the same. */
  private static String fold(Kind kind, String type) {
    return kind.word() + " " + type.replace("_", "");
  }
}
