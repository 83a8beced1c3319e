package io.raybridge.exporters.otlp;

import io.raybridge.api.Clock;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Document;
import io.raybridge.delivery.Redeliverer;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.RetryConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends requests that were given up once more, byte for byte as they were. */
final class OtlpRedelivery implements Redelivery {
  private final Destination destination;
  private final RetryConfig retry;
  private final Clock clock;

  OtlpRedelivery(Destination destination, RetryConfig retry, Clock clock) {
    this.destination = destination;
    this.retry = retry;
    this.clock = clock;
  }

  @Override
  public List<Returned> send(List<DeadLetter> letters) throws InterruptedException {
    var returned = new ArrayList<Returned>();
    for (var letter : letters) {
      var payload = payload(letter.document());
      if (payload == null) {
        String message =
            "\"document\" or \"group\" is wrong (expected: a request in Base64, and proto or json"
                + " with its compression)";
        returned.add(new Returned(letter.document(), true, "malformed_letter", message));
        continue;
      }
      var redeliverer =
          new Redeliverer<>(clock, retry, new OtlpSender(destination, letter.signal()));
      returned.addAll(redeliverer.send(payload));
    }
    return returned;
  }

  private static @Nullable OtlpPayload payload(Document document) {
    var format = Format.of(document.group());
    byte[] json = document.json();
    if (format == null || json.length < 2 || json[0] != '"') return null;
    try {
      var text = new String(json, 1, json.length - 2, StandardCharsets.US_ASCII);
      return new OtlpPayload(
          List.of(Base64.getDecoder().decode(text)), document.items(), format, document.traceId());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public void close() {
    destination.close();
  }
}
