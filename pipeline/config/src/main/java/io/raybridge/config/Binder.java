package io.raybridge.config;

import io.raybridge.api.Absent;
import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Kind;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of YAML. Reports every problem, not the first: a part that cannot be bound is null
 * from there on and nothing is made of it.
 */
public final class Binder {
  private final Problems problems;
  private final Scalars scalars;
  private final List<ExtensionUse> extensionUses = new ArrayList<>();

  Binder(Problems problems) {
    this.problems = problems;
    this.scalars = new Scalars(problems);
  }

  /** The extensions that what was bound names. */
  List<ExtensionUse> extensionUses() {
    return extensionUses;
  }

  /** Binds the configuration of one component, written as it stands below the component's id. */
  public static <C extends Record> Binding<C> bind(Class<C> type, String yaml) {
    return bind(type, yaml, Map.of());
  }

  /** The same, with environment variables for {@code ${env:NAME}}. */
  public static <C extends Record> Binding<C> bind(
      Class<C> type, String yaml, Map<String, String> env) {
    Problems problems = new Problems();
    Tree tree = YamlReader.read(yaml, "yaml", problems);
    C config = null;
    if (tree != null) {
      Tree expanded = new Substitution(env, new Source(), problems).expand(tree, "");
      config = new Binder(problems).bind(type, expanded, Place.start("yaml"), "");
    }
    return binding(config, problems);
  }

  /**
   * Binds the components that one factory makes in a whole configuration or a part of one; all else
   * in it is left alone.
   */
  public static <C extends Record> Map<ComponentId, Binding<C>> bindAll(
      ComponentFactory<C> factory, String yaml, Map<String, String> env) {
    Kind kind = Kind.of(factory);
    Descriptor<C> descriptor = factory.descriptor();
    Map<ComponentId, Binding<C>> bindings = new LinkedHashMap<>();
    Problems syntax = new Problems();
    Tree tree = YamlReader.read(yaml, "yaml", syntax);
    if (tree == null) {
      throw new IllegalArgumentException(syntax.errors().toString());
    }
    if (tree instanceof Tree.Keys keys && keys.get(kind.section()) instanceof Tree.Keys section) {
      for (Tree.Entry entry : section.entries().values()) {
        ComponentId id = ComponentId.of(kind, entry.key());
        if (id.type().equals(descriptor.type()) || descriptor.aliases().contains(id.type())) {
          String path = join(kind.section(), entry.key());
          bindings.put(id, bind(descriptor.config(), entry, path, env));
        }
      }
    }
    return bindings;
  }

  private static <C extends Record> Binding<C> bind(
      Class<C> type, Tree.Entry entry, String path, Map<String, String> env) {
    Problems problems = new Problems();
    Tree expanded = new Substitution(env, new Source(), problems).expand(entry.value(), path);
    C config = new Binder(problems).bind(type, expanded, entry.place(), path);
    return binding(config, problems);
  }

  private static <C> Binding<C> binding(@Nullable C config, Problems problems) {
    return new Binding<>(
        problems.count() > 0 ? Optional.empty() : Optional.ofNullable(config),
        problems.errors(),
        problems.warnings());
  }

  /**
   * Binds one mapping to a record.
   *
   * @param tree what is written, null if nothing is
   * @param owner where that is missed which is not written
   */
  <C extends Record> @Nullable C bind(
      Class<C> type, @Nullable Tree tree, Place owner, String path) {
    return type.cast(record(Shape.of(type), tree, owner, path));
  }

  private @Nullable Record record(Shape shape, @Nullable Tree tree, Place owner, String path) {
    Map<String, Tree.Entry> given = Map.of();
    if (tree != null && !tree.isNull()) {
      if (!(tree.plainly() instanceof Tree.Keys keys)) {
        String expected =
            shape.fields().isEmpty()
                ? "nothing, since it has no keys"
                : "a mapping with " + Unknown.list(names(shape));
        problems.error(tree.place(), path, Printed.what(tree) + " (expected: " + expected + ")");
        return null;
      }
      given = keys.entries();
    }
    Set<String> meant = new HashSet<>();
    for (Tree.Entry entry : given.values()) {
      known(shape, entry, path, meant);
    }
    return build(shape, given, owner, path, meant);
  }

  private static List<String> names(Shape shape) {
    return shape.fields().stream()
        .filter(field -> field.key().notYet().isEmpty())
        .map(Shape.Field::name)
        .toList();
  }

  private void known(Shape shape, Tree.Entry entry, String path, Set<String> meant) {
    String name = entry.key();
    for (Shape.Field field : shape.fields()) {
      if (field.name().equals(name)) {
        return;
      }
    }
    Absent absent = shape.allAbsent().get(name);
    if (absent == null) {
      problems.error(entry.place(), path, Unknown.key(name, shape, names(shape), meant));
    } else if (absent.notYet().isEmpty()) {
      problems.warn(entry.place(), join(path, name), "has no effect: " + absent.noEffect());
    } else if (!asksForNothing(entry.value())) {
      problems.error(entry.place(), join(path, name), "not built in yet: " + absent.notYet());
    }
  }

  /** What is off or empty is so without the key too: {@code disable_keep_alives: false}. */
  private static boolean asksForNothing(Tree tree) {
    if (tree.isNull()) return true;
    return switch (tree.plainly()) {
      case Tree.Text text ->
          text.text().isEmpty() || Boolean.FALSE.equals(CoreSchema.bool(text.text()));
      case Tree.Items list -> list.items().isEmpty();
      case Tree.Keys keys ->
          keys.entries().values().stream().allMatch(each -> asksForNothing(each.value()));
      case Tree.Expanded _ -> false;
    };
  }

  private @Nullable Record build(
      Shape shape, Map<String, Tree.Entry> given, Place owner, String path, Set<String> meant) {
    int before = problems.count();
    Object[] arguments = new Object[shape.parts().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] =
          switch (shape.parts().get(i)) {
            case Shape.Inlined inlined -> build(inlined.shape(), given, owner, path, meant);
            case Shape.Field field -> field(field, given.get(field.name()), owner, path, meant);
          };
    }
    // A null without a problem of its own is a required key whose misspelling was reported.
    if (problems.count() > before || Arrays.stream(arguments).anyMatch(Objects::isNull)) {
      return null;
    }
    try {
      return shape.create(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Invalid invalid) {
        Place place = find(invalid.key(), given);
        problems.error(
            place == null ? owner : place,
            join(path, invalid.key()),
            String.valueOf(invalid.getMessage()));
        return null;
      }
      throw new IllegalStateException(shape.type().getName() + " cannot be made", e.getCause());
    }
  }

  private @Nullable Object field(
      Shape.Field field, Tree.@Nullable Entry entry, Place owner, String path, Set<String> meant) {
    String own = join(path, field.name());
    boolean optional = field.form() instanceof Form.Maybe;
    if (entry == null || (entry.value().isNull() && !optional)) {
      if (field.required()) {
        missing(field, entry, owner, path, meant);
        return null;
      }
      return absent(field, entry == null ? owner : entry.place(), own);
    }
    Object value = read(field.form(), entry.value(), entry.place(), own, field.key());
    if (value != null) {
      remark(field, value, entry, own);
      refer(field.key(), value, entry.value().place(), own);
    }
    return value;
  }

  private void refer(Key key, Object value, Place place, String path) {
    if (key.extension() == void.class) {
      return;
    }
    Object id = value instanceof Optional<?> given ? given.orElse(null) : value;
    if (id instanceof String text) {
      extensionUses.add(new ExtensionUse(text, key.extension(), place, path));
    }
  }

  /**
   * What a key that does nothing here is set to may matter to the user, unless it is the default.
   */
  private void remark(Shape.Field field, Object value, Tree.Entry entry, String path) {
    String notYet = field.key().notYet();
    String noEffect = field.key().noEffect();
    if ((notYet.isEmpty() && noEffect.isEmpty()) || isDefault(field, value)) {
      return;
    }
    if (notYet.isEmpty()) {
      problems.warn(entry.place(), path, "has no effect: " + noEffect);
    } else {
      problems.error(entry.place(), path, "not built in yet: " + notYet);
    }
  }

  private void missing(
      Shape.Field field, Tree.@Nullable Entry entry, Place owner, String path, Set<String> meant) {
    if (entry != null
        && entry.value() instanceof Tree.Expanded expanded
        && expanded.unset() != null) {
      problems.error(expanded.place(), join(path, field.name()), expanded.unset());
    } else if (!meant.contains(field.name())) {
      problems.error(
          entry == null ? owner : entry.place(),
          path,
          "missing required key \"%s\" (expected: %s)"
              .formatted(field.name(), Expected.of(field.form(), field.key())));
    }
  }

  private @Nullable Object absent(Shape.Field field, Place owner, String path) {
    return switch (field.form()) {
      case Form.Maybe(Form inner) when field.hasDefault() ->
          Optional.ofNullable(parsedDefault(inner, field, path));
      case Form.Maybe _ -> Optional.empty();
      case Form form when field.hasDefault() -> parsedDefault(form, field, path);
      case Form.ListOf _ -> List.of();
      case Form.MapOf _ -> Map.of();
      case Form.Nested nested -> record(nested.shape(), null, owner, path);
      default ->
          throw new IllegalArgumentException(
              path + ": a component of this type needs a default or an Optional around it");
    };
  }

  private @Nullable Object parsedDefault(Form form, Shape.Field field, String path) {
    String text = field.key().def();
    Problems own = new Problems();
    boolean verbatim = form instanceof Form.Scalar || form instanceof Form.Choice;
    Place place = Place.start("the default");
    Tree tree =
        verbatim ? new Tree.Text(place, text, false) : YamlReader.read(text, "the default", own);
    Object value = tree == null ? null : new Binder(own).read(form, tree, place, path, field.key());
    if (value == null) {
      throw new IllegalArgumentException(path + ": the default does not bind: " + own.errors());
    }
    return value;
  }

  private boolean isDefault(Shape.Field field, Object value) {
    if (field.hasDefault() || !field.required()) {
      return value.equals(absent(field, Place.start("the default"), field.name()));
    }
    return false;
  }

  private @Nullable Object read(Form form, Tree tree, Place owner, String path, Key key) {
    return switch (form) {
      case Form.Scalar scalar -> scalars.read(scalar, tree, path, key);
      case Form.Choice choice -> scalars.choose(choice, tree, path);
      case Form.Anything _ -> Free.value(tree);
      case Form.ListOf(Form item) -> list(item, tree, path, key);
      case Form.MapOf(Form value) -> map(value, tree, path, key);
      case Form.Nested nested -> record(nested.shape(), tree, owner, path);
      case Form.Maybe(Form inner) when tree.isNull() && !(inner instanceof Form.Nested) ->
          Optional.empty();
      // As the Go collector, where an empty text and none are one: role_arn: "".
      case Form.Maybe(Form.Scalar inner)
          when inner.emptyIsNone() && !key.mayBeEmpty() && isEmpty(tree) ->
          Optional.empty();
      case Form.Maybe(Form inner) -> {
        Object value = read(inner, tree, owner, path, key);
        yield value == null ? null : Optional.of(value);
      }
    };
  }

  private static boolean isEmpty(Tree tree) {
    return tree.plainly() instanceof Tree.Text scalar && scalar.text().isEmpty();
  }

  private @Nullable Object list(Form form, Tree tree, String path, Key key) {
    List<Tree> items;
    switch (tree.plainly()) {
      case Tree.Items given -> items = given.items();
      // As the Go collector: a text where a list is wanted is the list's items with commas between.
      case Tree.Text text when !text.isNull() && form instanceof Form.Scalar ->
          items = Scalars.split(text);
      default -> {
        if (tree.isNull()) {
          return List.of();
        }
        String what =
            form.secret() && tree.plainly() instanceof Tree.Text ? "a text" : Printed.what(tree);
        problems.error(tree.place(), path, what + " (expected: a list)");
        return null;
      }
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Tree item = items.get(i);
      Object value = read(form, item, item.place(), path + "[" + i + "]", key);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() < items.size() ? null : List.copyOf(values);
  }

  private @Nullable Object map(Form form, Tree tree, String path, Key key) {
    if (tree.isNull()) {
      return Map.of();
    }
    if (!(tree.plainly() instanceof Tree.Keys keys)) {
      String what =
          form.secret() && tree.plainly() instanceof Tree.Text ? "a text" : Printed.what(tree);
      problems.error(tree.place(), path, what + " (expected: a mapping)");
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Tree.Entry entry : keys.entries().values()) {
      Object value = read(form, entry.value(), entry.place(), join(path, entry.key()), key);
      if (value != null) {
        values.put(entry.key(), value);
      }
    }
    return values.size() < keys.entries().size() ? null : Collections.unmodifiableMap(values);
  }

  /** Where the value of a key stands, given as {@code a.b[0].c}; null if it is not written. */
  private static @Nullable Place find(String key, Map<String, Tree.Entry> given) {
    Tree tree = null;
    Map<String, Tree.Entry> entries = given;
    for (String step : key.split("[.\\[]", -1)) {
      Tree.Entry entry = entries.get(step);
      Tree named = entry == null ? null : entry.value().plainly();
      Tree next = step.endsWith("]") ? item(tree, step.substring(0, step.length() - 1)) : named;
      if (next == null) {
        break;
      }
      tree = next;
      entries = tree instanceof Tree.Keys keys ? keys.entries() : Map.of();
    }
    return tree == null ? null : tree.place();
  }

  private static @Nullable Tree item(@Nullable Tree tree, String index) {
    long i = CoreSchema.integer(index).orElse(-1);
    return tree instanceof Tree.Items list && i >= 0 && i < list.items().size()
        ? list.items().get((int) i).plainly()
        : null;
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
