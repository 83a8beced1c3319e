package io.raybridge.config;

import io.raybridge.api.Absent;
import io.raybridge.api.Inline;
import io.raybridge.api.Key;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a configuration record says about the keys that make it. */
record Shape(Class<? extends Record> type, List<Part> parts, Map<String, Absent> absent) {
  /** One component of the record, in the order of its constructor. */
  sealed interface Part {}

  /** A key of its own. */
  record Field(String name, Form form, Key key) implements Part {
    boolean hasDefault() {
      return !key.def().equals(Key.NONE);
    }

    /** Whether something has to be written for the record to exist. */
    boolean required() {
      return !hasDefault() && (form instanceof Form.Scalar || form instanceof Form.Choice);
    }
  }

  /** Keys that stand among those of the record that holds it. */
  record Inlined(Shape shape) implements Part {}

  static Shape of(Class<? extends Record> type) {
    List<Part> parts = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      parts.add(part(component, type.getSimpleName() + "." + component.getName()));
    }
    Map<String, Absent> absent = new LinkedHashMap<>();
    for (Absent group : absentGroups(type)) {
      for (String key : group.keys()) {
        absent.put(key, group);
      }
    }
    return new Shape(type, List.copyOf(parts), absent);
  }

  /** Without the JVM's own way to repeated annotations, which makes classes for two more. */
  private static List<Absent> absentGroups(Class<?> type) {
    Absent one = type.getAnnotation(Absent.class);
    if (one != null) {
      return List.of(one);
    }
    Absent.All several = type.getAnnotation(Absent.All.class);
    return several == null ? List.of() : List.of(several.value());
  }

  private static Part part(RecordComponent component, String where) {
    if (component.isAnnotationPresent(Inline.class)) {
      return new Inlined(of(component.getType().asSubclass(Record.class)));
    }
    Key key = component.getAnnotation(Key.class);
    if (key == null) {
      throw new IllegalArgumentException(where + " has neither @Key nor @Inline");
    }
    String name = key.name().isEmpty() ? snakeCase(component.getName()) : key.name();
    return new Field(name, Form.of(component.getGenericType(), where), key);
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** All keys that can be bound, with the inlined ones, in the order of the components. */
  List<Field> fields() {
    return parts.stream()
        .flatMap(part ->
            switch (part) {
              case Field field -> Stream.of(field);
              case Inlined inlined -> inlined.shape().fields().stream();
            })
        .toList();
  }

  /** All keys that are known only to say what has become of them. */
  Map<String, Absent> allAbsent() {
    Map<String, Absent> all = new LinkedHashMap<>(absent);
    for (Part part : parts) {
      if (part instanceof Inlined inlined) {
        all.putAll(inlined.shape().allAbsent());
      }
    }
    return all;
  }

  /**
   * Makes the record.
   *
   * @throws InvocationTargetException with what the record's own checks threw
   */
  Record create(Object[] arguments) throws InvocationTargetException {
    Class<?>[] types =
        Stream.of(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException("no way to make a " + type.getName(), e);
    }
  }
}
