package io.raybridge.delivery;

import io.raybridge.api.Clock;
import io.raybridge.delivery.Redelivery.Returned;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Sends requests one after another in the caller's thread, each until all of it is settled. */
public final class Redeliverer<P extends Payload> {
  private final Clock clock;
  private final RetryConfig retry;
  private final Sender<P> sender;
  private final Isolation isolation;

  public Redeliverer(Clock clock, RetryConfig retry, Sender<P> sender) {
    this.clock = clock;
    this.retry = retry;
    this.sender = sender;
    this.isolation = new Isolation(clock);
  }

  /** Sends a request and says which of its documents did not arrive. */
  public List<Returned> send(P request) throws InterruptedException {
    var returned = new ArrayList<Returned>();
    var parts = new ArrayDeque<>(List.of(request));
    int refused = 0;
    for (var part = parts.poll(); part != null; part = parts.poll()) {
      var result = insist(part, returned);
      if (result.delivered() > 0) {
        isolation.taken();
        refused = 0;
      }
      var rest = result.remaining();
      var failure = result.failure();
      if (rest == null || failure == null) continue;
      boolean isFinal = failure.kind() == Failure.Kind.FINAL;
      if (isFinal && isolation.isWorthwhile(++refused)) {
        var halves = sender.halves(rest, failure);
        parts.addAll(halves);
        if (!halves.isEmpty()) continue;
      }
      // What is refused in every part need not be asked about for each of the others.
      boolean all = isFinal && !isolation.isWorthwhile(refused);
      for (P some = rest; some != null; some = all ? parts.poll() : null) {
        giveBack(some.documents(), isFinal, failure.code(), failure.message(), returned);
      }
    }
    return returned;
  }

  /** Attempts and pauses, until nothing remains or another attempt would not help. */
  private SendResult<P> insist(P request, List<Returned> returned) throws InterruptedException {
    long first = clock.nanoTime();
    var backoff = new Backoff(retry, () -> ThreadLocalRandom.current().nextDouble());
    int delivered = 0;
    for (var payload = request; ; ) {
      var result = sender.send(payload);
      delivered += result.delivered();
      for (var each : result.rejections()) {
        giveBack(each.documents(), true, each.code(), each.message(), returned);
      }
      var rest = result.remaining();
      var failure = result.failure();
      if (rest == null
          || failure == null
          || failure.kind() == Failure.Kind.FINAL
          || !retry.enabled()) {
        return new SendResult<>(delivered, rest, failure, List.of());
      }
      payload = rest;
      long pause = backoff.next(failure);
      long most = retry.maxElapsedTime().toNanos();
      if (most > 0 && clock.nanoTime() + pause - first > most) {
        return new SendResult<>(delivered, rest, failure, List.of());
      }
      clock.sleep(Duration.ofNanos(pause));
    }
  }

  private static void giveBack(
      List<Document> documents,
      boolean refused,
      String code,
      String message,
      List<Returned> returned) {
    for (var each : documents) returned.add(new Returned(each, refused, code, message));
  }
}
