package io.raybridge.processors.attributes;

import io.raybridge.api.Invalid;
import io.raybridge.data.Attributes;
import io.raybridge.data.Value;
import io.raybridge.data.ValueText;
import io.raybridge.processors.attributes.MatchProperties.AttributeMatch;
import io.raybridge.processors.attributes.MatchProperties.MatchType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for an attribute, and maybe for its value. */
final class AttributeCondition {
  private final String key;
  private final @Nullable Value equal;
  private final @Nullable Texts pattern;

  /**
   * @param section where it stands in the configuration
   */
  AttributeCondition(MatchType type, String section, AttributeMatch match) {
    key = match.key();
    Object value = match.value().orElse(null);
    boolean strict = type == MatchType.STRICT;
    equal = strict && value != null ? Values.ofYaml(value) : null;
    pattern = strict || value == null ? null : pattern(type, section, match.key(), value);
  }

  private static Texts pattern(MatchType type, String section, String key, Object value) {
    if (value instanceof String text) return new Texts(type, section, List.of(text));
    throw new Invalid(
        section, value + " for " + key + " (expected: a text, for match_type regexp)");
  }

  boolean matches(Attributes attributes) {
    var value = attributes.get(key);
    if (value == null) return false;
    if (equal != null) return equal.equals(value.known());
    return pattern == null || (isScalar(value.known()) && pattern.matches(ValueText.of(value)));
  }

  private static boolean isScalar(Value value) {
    return value instanceof Value.Str
        || value instanceof Value.Bool
        || value instanceof Value.Int
        || value instanceof Value.Dbl;
  }
}
