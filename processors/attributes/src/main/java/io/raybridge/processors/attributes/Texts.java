package io.raybridge.processors.attributes;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.raybridge.api.Invalid;
import io.raybridge.processors.attributes.MatchProperties.MatchType;
import java.util.List;
import java.util.Set;

/** A set of texts, equal or as patterns, of which one must match. */
final class Texts {
  private final Set<String> equal;
  private final Pattern[] patterns;

  /**
   * @param key where the texts stand in the configuration
   */
  Texts(MatchType type, String key, List<String> texts) {
    boolean strict = type == MatchType.STRICT;
    equal = strict ? Set.copyOf(texts) : Set.of();
    patterns =
        strict
            ? new Pattern[0]
            : texts.stream().map(text -> compile(key, text)).toArray(Pattern[]::new);
  }

  private static Pattern compile(String key, String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new Invalid(key, "\"" + text + "\": " + e.getDescription());
    }
  }

  /** Whether there is no text to match, so that everything does. */
  boolean isEmpty() {
    return equal.isEmpty() && patterns.length == 0;
  }

  /** Whether one of them matches, or there is none. */
  boolean matches(String text) {
    if (isEmpty() || equal.contains(text)) return true;
    for (var pattern : patterns) {
      if (pattern.matcher(text).find()) return true;
    }
    return false;
  }
}
