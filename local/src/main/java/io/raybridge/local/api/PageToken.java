package io.raybridge.local.api;

import io.raybridge.local.store.Position;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A place in the list of traces as clients carry it from page to page. */
final class PageToken {
  private PageToken() {}

  static String of(Position position) {
    String text = position.startMicros() + " " + position.traceId();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  static Position read(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
      int space = text.indexOf(' ');
      if (space > 0) {
        return new Position(Long.parseLong(text, 0, space, 10), text.substring(space + 1));
      }
    } catch (IllegalArgumentException e) {
      throw notOurs();
    }
    throw notOurs();
  }

  private static ApiException notOurs() {
    return ApiException.invalid("NextToken: expected one that an earlier page gave");
  }
}
