package io.raybridge.extensions.headerssetter;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.util.List;
import java.util.Optional;

/** Keys under {@code extensions.headers_setter}. */
@Absent(keys = "additional_auth", notYet = "an exporter asks one extension under auth")
public record HeadersSetterConfig(
    @Key(doc = "The fields to set, one after the other.") List<Header> headers) {

  /** Keys of one of {@code headers}. */
  @Absent(keys = "value_file", notYet = "set value, from the environment for example")
  @Absent(
      keys = "from_attribute",
      notYet = "receivers authenticate nobody, so there are no attributes of authentication")
  public record Header(
      @Key(
              doc =
                  "`upsert` sets the field, `insert` only if it is not there, `update` only if it is;"
                      + " `delete` removes it.",
              def = "upsert")
          Action action,
      @Key(doc = "The field's name.", def = "") String key,
      @Key(doc = "Its value.", mayBeEmpty = true) Optional<Secret> value,
      @Key(
              doc =
                  "The client's header field to take the value from, for which the receiver needs"
                      + " `include_metadata: true`.")
          Optional<String> fromContext,
      @Key(doc = "The value where the client did not send that field.", mayBeEmpty = true)
          Optional<Secret> defaultValue) {

    public Header {
      checkName("key", key);
      fromContext.ifPresent(name -> checkName("from_context", name));
      if (action != Action.DELETE && value.isEmpty() == fromContext.isEmpty()) {
        throw new Invalid(
            "",
            "has " + (value.isEmpty() ? "neither" : "both") + " (expected: value or from_context)");
      }
      if (value.isPresent() && !HeadersSetter.isPrintable(value.get().reveal())) {
        throw new Invalid("value", "has a character that no header bears (expected: ASCII)");
      }
      if (defaultValue.isPresent() && !HeadersSetter.isPrintable(defaultValue.get().reveal())) {
        throw new Invalid(
            "default_value", "has a character that no header bears (expected: ASCII)");
      }
    }

    private static void checkName(String key, String name) {
      if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
        throw new Invalid(key, "\"" + name + "\" (expected: a header field's name)");
      }
    }
  }

  /** The values of {@code action}. */
  public enum Action {
    INSERT,
    UPDATE,
    UPSERT,
    DELETE
  }

  public HeadersSetterConfig {
    if (headers.isEmpty()) {
      throw new Invalid("headers", "is missing (expected: fields to set)");
    }
  }
}
