package io.raybridge.exporters.otlp;

import io.raybridge.api.Clock;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Redeliverer;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.RetryConfig;
import java.util.ArrayList;
import java.util.List;

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
      var payload = OtlpPayload.of(letter.document());
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

  /** Each is a request of its own, of which several parts may come back. */
  @Override
  public int atOnce() {
    return 1;
  }

  @Override
  public void close() {
    destination.close();
  }
}
