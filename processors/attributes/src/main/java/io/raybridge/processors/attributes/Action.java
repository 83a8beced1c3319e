package io.raybridge.processors.attributes;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;
import java.util.Locale;
import java.util.Optional;

/** One step of a list of changes to attributes, as it is configured. */
public record Action(
    @Key(doc = "Attribute to act on. `delete` and `hash` may have a `pattern` instead.", def = "")
        String key,
    @Key(
            doc =
                "`insert` sets an attribute that is not there, `update` one that is, `upsert` either;"
                    + " `delete` removes it, `hash` puts its SHA-256 in hex in its place, `extract`"
                    + " makes attributes of the named groups of `pattern`, `convert` changes its type.")
        Verb action,
    @Key(doc = "For `insert`, `update`, `upsert`: the value; its type is that of the YAML.")
        Optional<Object> value,
    @Key(
            doc =
                "For `insert`, `update`, `upsert`: the attribute to copy. Without it nothing is done.",
            def = "")
        String fromAttribute,
    @Key(
            doc =
                "For `insert`, `update`, `upsert`: `metadata.` and the name of a header field that the"
                    + " client sent, for which the receiver needs `include_metadata: true`. Of several"
                    + " values one text is made, with `;` between. Without the field nothing is done.")
        Optional<String> fromContext,
    @Key(doc = "The value when there is no `from_attribute`.") Optional<Object> defaultValue,
    @Key(
            doc =
                "For `delete` and `hash`: acts on all attributes whose key matches somewhere. For"
                    + " `extract`: matched against the value, all groups named. Syntax is Go's (RE2).",
            def = "")
        String pattern,
    @Key(doc = "For `convert`: the new type.") Optional<ConvertedType> convertedType) {

  private static final String METADATA = "metadata.";

  /** What a step does. */
  public enum Verb {
    @Named({"insert", "INSERT"})
    INSERT,
    @Named({"update", "UPDATE"})
    UPDATE,
    @Named({"upsert", "UPSERT"})
    UPSERT,
    @Named({"delete", "DELETE"})
    DELETE,
    @Named({"hash", "HASH"})
    HASH,
    @Named({"extract", "EXTRACT"})
    EXTRACT,
    @Named({"convert", "CONVERT"})
    CONVERT
  }

  /** What {@code convert} makes of a value. */
  public enum ConvertedType {
    INT,
    DOUBLE,
    STRING
  }

  public Action {
    switch (action) {
      case INSERT, UPDATE, UPSERT -> {
        needsKey(action, key);
        mustNot(action, "pattern", !pattern.isEmpty());
        mustNot(action, "converted_type", convertedType.isPresent());
        hasOneSource(action, value, fromAttribute, fromContext, defaultValue);
        fromContext.ifPresent(Action::needsMetadata);
      }
      case DELETE, HASH -> {
        if (key.isEmpty() && pattern.isEmpty()) {
          throw new Invalid("key", "missing for " + word(action) + " (expected: key or pattern)");
        }
        hasNoSource(action, value, fromAttribute, fromContext, defaultValue);
        mustNot(action, "converted_type", convertedType.isPresent());
        if (!pattern.isEmpty()) compile(pattern);
      }
      case EXTRACT -> {
        needsKey(action, key);
        hasNoSource(action, value, fromAttribute, fromContext, defaultValue);
        mustNot(action, "converted_type", convertedType.isPresent());
        allGroupsAreNamed(pattern);
      }
      case CONVERT -> {
        needsKey(action, key);
        hasNoSource(action, value, fromAttribute, fromContext, defaultValue);
        mustNot(action, "pattern", !pattern.isEmpty());
        if (convertedType.isEmpty()) {
          throw new Invalid(
              "converted_type", "missing for convert (expected: int, double, string)");
        }
      }
    }
  }

  static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new Invalid("pattern", "\"" + pattern + "\": " + e.getDescription());
    }
  }

  private static void needsKey(Verb verb, String key) {
    if (key.isEmpty()) throw new Invalid("key", "missing for " + word(verb));
  }

  private static void mustNot(Verb verb, String name, boolean isSet) {
    if (isSet) throw new Invalid(name, "is not for " + word(verb) + " (expected: left out)");
  }

  private static void hasNoSource(
      Verb verb,
      Optional<Object> value,
      String fromAttribute,
      Optional<String> fromContext,
      Optional<Object> defaultValue) {
    mustNot(verb, "value", value.isPresent());
    mustNot(verb, "from_attribute", !fromAttribute.isEmpty());
    mustNot(verb, "from_context", fromContext.isPresent());
    mustNot(verb, "default_value", defaultValue.isPresent());
  }

  private static void hasOneSource(
      Verb verb,
      Optional<Object> value,
      String fromAttribute,
      Optional<String> fromContext,
      Optional<Object> defaultValue) {
    if (value.isPresent() && !fromAttribute.isEmpty()) {
      throw new Invalid("from_attribute", "there is a value already (expected: one of the two)");
    }
    if (fromContext.isPresent() && (value.isPresent() || !fromAttribute.isEmpty())) {
      throw new Invalid("from_context", "there is a source already (expected: one)");
    }
    if (value.isEmpty()
        && fromAttribute.isEmpty()
        && fromContext.isEmpty()
        && defaultValue.isEmpty()) {
      throw new Invalid(
          "value",
          "missing for "
              + word(verb)
              + " (expected: value, from_attribute, from_context, default_value)");
    }
  }

  private static void needsMetadata(String context) {
    String why =
        context.startsWith("auth.")
            ? "receivers authenticate nobody"
            : context.equals("client.address") ? "the client's address is not kept" : "";
    if (why.isEmpty() && !context.equals(METADATA)) return;
    throw new Invalid(
        "from_context",
        "\"%s\" %s (expected: metadata. and the name of a header field)"
            .formatted(context, why.isEmpty() ? "names no field" : "is not built in yet: " + why));
  }

  /** The header field that the value comes from, which Go takes without {@code metadata.} too. */
  Optional<String> field() {
    return fromContext.map(
        name -> name.startsWith(METADATA) ? name.substring(METADATA.length()) : name);
  }

  private static void allGroupsAreNamed(String pattern) {
    if (pattern.isEmpty()) throw new Invalid("pattern", "missing for extract");
    var compiled = compile(pattern);
    int groups = compiled.groupCount();
    if (groups == 0 || compiled.namedGroups().size() < groups) {
      throw new Invalid(
          "pattern", "\"" + pattern + "\" (expected: groups, all named, as in (?P<name>.*))");
    }
  }

  private static String word(Verb verb) {
    return verb.name().toLowerCase(Locale.ROOT);
  }
}
