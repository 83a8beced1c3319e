package io.raybridge.extensions.localxray;

import io.raybridge.api.Invalid;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as users write them: {@code 512MiB}, {@code 2GiB}. */
final class ByteSize {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,7})\\s?(MiB|GiB)");

  private ByteSize() {}

  static long parse(String key, String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new Invalid(key, text + " (expected: a size such as 512MiB or 2GiB)");
    }
    return Long.parseLong(size.group(1)) << (size.group(2).equals("GiB") ? 30 : 20);
  }
}
