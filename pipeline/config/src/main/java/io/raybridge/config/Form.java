package io.raybridge.config;

import io.raybridge.api.Named;
import io.raybridge.api.Secret;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The type of a key, as far as a configuration can express it. */
sealed interface Form {
  /** Written as one scalar. */
  enum Scalar implements Form {
    TEXT,
    SECRET,
    PATH,
    INT,
    LONG,
    DOUBLE,
    BOOLEAN,
    DURATION;

    /** Whether an empty text may stand for no value. */
    boolean emptyIsNone() {
      return this == TEXT || this == PATH || this == SECRET;
    }
  }

  /** Whatever YAML can say. */
  record Anything() implements Form {}

  /**
   * One of a few words.
   *
   * @param printed the words that documents and messages name
   * @param constants what each word means, with the words that are also accepted
   */
  record Choice(List<String> printed, Map<String, Enum<?>> constants) implements Form {}

  record ListOf(Form item) implements Form {}

  record MapOf(Form value) implements Form {}

  record Maybe(Form value) implements Form {}

  record Nested(Class<? extends Record> type) implements Form {
    /** Looked up late, since a record may contain itself. */
    Shape shape() {
      return Shape.of(type);
    }
  }

  /** Whether a value written here may have to stay secret. */
  default boolean secret() {
    return switch (this) {
      case Scalar scalar -> scalar == Scalar.SECRET;
      case ListOf(Form item) -> item.secret();
      case MapOf(Form value) -> value.secret();
      case Maybe(Form value) -> value.secret();
      case Anything _, Choice _, Nested _ -> false;
    };
  }

  /** The form of a record component's type; a type that none fits is a mistake in the record. */
  static Form of(Type type, String where) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return new Maybe(of(arguments[0], where));
      }
      if (generic.getRawType() == List.class) {
        return new ListOf(of(arguments[0], where));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapOf(of(arguments[1], where));
      }
    }
    if (!(type instanceof Class<?> plain)) {
      throw unsupported(type, where);
    }
    if (plain.isEnum()) {
      return choice(plain);
    }
    if (plain != Secret.class && plain.isRecord()) {
      return new Nested(plain.asSubclass(Record.class));
    }
    return switch (plain.getName()) {
      case "java.lang.String" -> Scalar.TEXT;
      case "io.raybridge.api.Secret" -> Scalar.SECRET;
      case "java.nio.file.Path" -> Scalar.PATH;
      case "int", "java.lang.Integer" -> Scalar.INT;
      case "long", "java.lang.Long" -> Scalar.LONG;
      case "double", "java.lang.Double" -> Scalar.DOUBLE;
      case "boolean", "java.lang.Boolean" -> Scalar.BOOLEAN;
      case "java.time.Duration" -> Scalar.DURATION;
      case "java.lang.Object" -> new Anything();
      default -> throw unsupported(type, where);
    };
  }

  private static Choice choice(Class<?> type) {
    List<String> printed = new ArrayList<>();
    Map<String, Enum<?>> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      String[] names = names((Enum<?>) constant);
      printed.add(names[0]);
      for (String name : names) {
        constants.put(name, (Enum<?>) constant);
      }
    }
    return new Choice(List.copyOf(printed), constants);
  }

  private static String[] names(Enum<?> constant) {
    try {
      Field field = constant.getDeclaringClass().getField(constant.name());
      Named named = field.getAnnotation(Named.class);
      return named == null
          ? new String[] {constant.name().toLowerCase(Locale.ROOT)}
          : named.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IllegalArgumentException unsupported(Type type, String where) {
    return new IllegalArgumentException(where + ": no key can have the type " + type);
  }
}
