package io.raybridge.processors.attributes;

import com.google.re2j.Pattern;
import io.raybridge.data.Attributes;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link Action} made ready to be applied many times. */
sealed interface Step {
  /**
   * Changes attributes.
   *
   * @param client what the client sent beside them, if that was kept
   */
  void apply(Attributes attributes, @Nullable ClientMetadata client);

  /** Makes an action ready. */
  static Step of(Action action) {
    return switch (action.action()) {
      case INSERT -> new Set(action.key(), source(action), true, false);
      case UPDATE -> new Set(action.key(), source(action), false, true);
      case UPSERT -> new Set(action.key(), source(action), true, true);
      case DELETE -> new Delete(action.key(), pattern(action));
      case HASH -> new Hash(action.key(), pattern(action));
      case EXTRACT -> Extract.of(action.key(), Action.compile(action.pattern()));
      case CONVERT -> new Convert(action.key(), action.convertedType().orElseThrow());
    };
  }

  private static Source source(Action action) {
    Object fixed = action.value().or(action::defaultValue).orElse(null);
    return new Source(
        action.fromAttribute(),
        action.field().orElse(null),
        fixed == null ? null : Values.ofYaml(fixed));
  }

  private static @Nullable Pattern pattern(Action action) {
    return action.pattern().isEmpty() ? null : Action.compile(action.pattern());
  }

  /**
   * Where a value comes from: the attribute or the client's header field, if it is named and there,
   * or else the fixed value, if there is one.
   */
  record Source(String attribute, @Nullable String field, @Nullable Value fixed) {
    @Nullable Value of(Attributes attributes, @Nullable ClientMetadata client) {
      var copied = attribute.isEmpty() ? null : attributes.get(attribute);
      if (copied == null && field != null && client != null) copied = sent(client.get(field));
      return copied == null ? fixed : copied;
    }

    private static @Nullable Value sent(List<String> values) {
      return values.isEmpty() ? null : Value.of(String.join(";", values));
    }
  }

  /** Sets an attribute, depending on whether it is there. */
  record Set(String key, Source source, boolean whenAbsent, boolean whenPresent) implements Step {
    @Override
    public void apply(Attributes attributes, @Nullable ClientMetadata client) {
      var value = source.of(attributes, client);
      if (value == null) return;
      if (attributes.contains(key) ? whenPresent : whenAbsent) attributes.put(key, value);
    }
  }

  /** Removes attributes. */
  record Delete(String key, @Nullable Pattern pattern) implements Step {
    @Override
    public void apply(Attributes attributes, @Nullable ClientMetadata client) {
      boolean _ = attributes.removeIf(this::isMeant);
    }

    private boolean isMeant(String name, Value value) {
      return name.equals(key) || (pattern != null && pattern.matcher(name).find());
    }
  }

  /** Puts hashes in the place of values. */
  record Hash(String key, @Nullable Pattern pattern) implements Step {
    @Override
    public void apply(Attributes attributes, @Nullable ClientMetadata client) {
      for (int i = 0; i < attributes.size(); i++) {
        String name = attributes.keyAt(i);
        boolean isMeant = name.equals(key) || (pattern != null && pattern.matcher(name).find());
        if (isMeant) attributes.setValueAt(i, Values.hash(attributes.valueAt(i)));
      }
    }
  }

  /** Makes attributes of the groups that a pattern finds in a text. */
  record Extract(String key, Pattern pattern, List<String> names) implements Step {
    static Extract of(String key, Pattern pattern) {
      var names = new String[pattern.groupCount()];
      pattern.namedGroups().forEach((name, group) -> names[group - 1] = name);
      return new Extract(key, pattern, List.of(names));
    }

    @Override
    public void apply(Attributes attributes, @Nullable ClientMetadata client) {
      String text = attributes.getString(key);
      if (text == null) return;
      var matcher = pattern.matcher(text);
      if (!matcher.find()) return;
      for (int group = 1; group <= names.size(); group++) {
        String found = matcher.group(group);
        attributes.put(names.get(group - 1), found == null ? "" : found);
      }
    }
  }

  /** Changes the type of a value; what cannot be changed stays. */
  record Convert(String key, Action.ConvertedType type) implements Step {
    @Override
    public void apply(Attributes attributes, @Nullable ClientMetadata client) {
      var value = attributes.get(key);
      if (value != null) attributes.put(key, Values.convert(value, type));
    }
  }
}
