package io.raybridge.delivery;

import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request: attempts and pauses, until each of its items is settled. A request that
 * is refused as a whole, or that keeps failing while others arrive, is parted until what is wrong
 * with it stands alone.
 */
final class Shipment<B extends Batch, P extends Payload> implements Runnable {
  /** Failures of one request after which something in it is suspected, when others arrive. */
  private static final int SUSPICIOUS = 5;

  private final Shipping<B, P> shipping;
  private final Lot<B> lot;
  private final Backoff backoff;
  private final Queue<P> parts = new ArrayDeque<>();
  private P payload;
  private long held;
  private int failures;
  private int refusedParts;

  Shipment(Shipping<B, P> shipping, Lot<B> lot, P payload) {
    this.shipping = shipping;
    this.lot = lot;
    this.payload = payload;
    held = payload.sizeBytes();
    backoff = new Backoff(shipping.retry(), shipping.random());
  }

  /** Begins without a place of {@link InFlight}, and waits for one. */
  void enterAndRun() {
    try {
      shipping.inFlight().enter(held);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      keepRest("not sent before shutdown");
      shipping.finish(lot);
      return;
    }
    run();
  }

  /** Begins in a place of {@link InFlight}, and ends without any. */
  @Override
  public void run() {
    long first = shipping.clock().nanoTime();
    shipping.inFlight().begun();
    try {
      while (true) {
        boolean lastAttempt = shipping.stopping().begun();
        long started = shipping.clock().nanoTime();
        var failure = attempt();
        boolean done = failure == null || isSettled(failure, first, started, lastAttempt);
        if (done && !nextPart()) break;
        shipping.inFlight().enterAgain();
      }
      if (refusedParts > 1) shipping.isolation().nothingTaken();
    } catch (InterruptedException e) {
      // Only the end of a stop interrupts.
      Thread.currentThread().interrupt();
      keepRest("not sent before shutdown");
    } catch (RuntimeException | Error bug) {
      shipping.log().log(System.Logger.Level.ERROR, "delivery failed by a bug", bug);
      rejectRest(bug.toString());
    } finally {
      shipping.inFlight().free(held);
      shipping.finish(lot);
    }
  }

  /** Sends what remains; null when nothing remains after that. */
  private @Nullable Failure attempt() throws InterruptedException {
    SendResult<P> result = null;
    long started;
    try {
      shipping.pace().await(payload.items());
      started = shipping.clock().nanoTime();
      result = send();
    } finally {
      if (result == null) shipping.inFlight().leave();
    }
    report(result, started);
    settle(result);
    var rest = result.remaining();
    if (rest == null) return null;
    replace(payload.sizeBytes(), rest.sizeBytes());
    payload = rest;
    return result.failure();
  }

  // A bug of a sender must not take the other items of its lot along.
  private SendResult<P> send() throws InterruptedException {
    try {
      return shipping.sender().send(payload);
    } catch (RuntimeException | Error bug) {
      shipping.log().log(System.Logger.Level.ERROR, "sending failed by a bug", bug);
      return SendResult.failed(payload, Failure.permanent("internal_error", bug.toString()));
    }
  }

  private void report(SendResult<P> result, long started) {
    var failure = result.failure();
    if (result.delivered() > 0) {
      shipping.pace().taken(result.delivered(), started);
      shipping.isolation().taken();
      refusedParts = 0;
    }
    if (failure == null || failure.kind() == Failure.Kind.FINAL) {
      shipping.inFlight().leave(started, true);
      if (failure == null) shipping.trouble().worked();
      return;
    }
    shipping.trouble().failed(failure);
    if (failure.kind() == Failure.Kind.THROTTLED) {
      int refused = payload.items() - result.delivered();
      shipping.pace().throttled(refused, started);
      shipping.inFlight().leave();
    } else {
      shipping.inFlight().leave(started, false);
    }
  }

  private void settle(SendResult<P> result) {
    var accounts = shipping.accounts();
    accounts.delivered(lot, result.delivered());
    int settled = result.delivered();
    for (var rejection : result.rejections()) {
      accounts.rejected(lot, "rejected", rejection);
      settled += rejection.items();
    }
    var rest = result.remaining();
    int missing = payload.items() - settled - (rest == null ? 0 : rest.items());
    if (missing > 0) {
      // The sender did not say what became of these: a bug, but they must not stay open for ever.
      var rejection =
          new Rejection(missing, "internal_error", "not accounted for", payload.traceId());
      accounts.rejected(lot, "internal_error", rejection);
    }
  }

  /** Whether nothing remains to be tried of this part; else the pause before that is over. */
  private boolean isSettled(Failure failure, long first, long started, boolean lastAttempt)
      throws InterruptedException {
    String why = failure.code() + ": " + failure.message();
    if (failure.kind() == Failure.Kind.FINAL) {
      if (!isParted(failure)) {
        reject(failure);
        // What is refused in every part need not be asked about for each of the others.
        while (!shipping.isolation().isWorthwhile(refusedParts) && nextPart()) reject(failure);
      }
      return true;
    }
    if (lastAttempt) {
      giveUp(failure, Accounts.Loss.SHUTDOWN, "last attempt before shutdown: " + why);
      return true;
    }
    if (!shipping.retry().enabled()) {
      String said = "not tried again, retry_on_failure is disabled: " + why;
      giveUp(failure, reason(failure), said);
      return true;
    }
    long pause = pause(failure, first);
    if (pause < 0) {
      Duration after = Duration.ofNanos(shipping.clock().nanoTime() - first);
      String said = "given up after " + after.toSeconds() + " s: " + why;
      giveUp(failure, reason(failure), said);
      return true;
    }
    shipping.stopping().pause(pause);
    return isSuspected(failure, started) && isParted(failure);
  }

  /** A request that fails while others arrive may itself be what brings the destination down. */
  private boolean isSuspected(Failure failure, long started) {
    if (failure.kind() != Failure.Kind.UNAVAILABLE) return false;
    failures++;
    return failures >= SUSPICIOUS && shipping.trouble().workedSince(started);
  }

  /** Parts the request in two, both to be sent after those that wait already. */
  private boolean isParted(Failure failure) {
    if (failure.kind() == Failure.Kind.FINAL) {
      refusedParts++;
      if (!shipping.isolation().isWorthwhile(refusedParts)) return false;
    }
    long before = payload.sizeBytes();
    var halves = shipping.sender().halves(payload, failure);
    if (halves.isEmpty()) return false;
    long after = 0;
    for (var half : halves) after += half.sizeBytes();
    replace(before, after);
    parts.addAll(halves);
    return true;
  }

  private boolean nextPart() {
    var next = parts.poll();
    if (next == null) return false;
    payload = next;
    return true;
  }

  /** How long to wait before the next attempt, or negative when there is to be none. */
  private long pause(Failure failure, long first) {
    long pause = backoff.next(failure);
    if (shipping.retry().maxElapsedTime().isZero()) return pause;
    long left = first + shipping.retry().maxElapsedTime().toNanos() - shipping.clock().nanoTime();
    if (left <= 0) return -1;
    var asked = failure.retryAfter();
    if (asked != null && asked.toNanos() > left) return -1;
    // The last attempt is made when the time is up, not before.
    return Math.min(pause, left);
  }

  private void replace(long before, long after) {
    shipping.inFlight().free(before - after);
    held += after - before;
  }

  private void reject(Failure failure) {
    var rejection =
        new Rejection(
            payload.items(),
            failure.code(),
            failure.message(),
            payload.traceId(),
            payload.documents());
    shipping.accounts().rejected(lot, "rejected", rejection);
  }

  private void giveUp(Failure failure, String reason, String detail) {
    var cause =
        failure.kind() == Failure.Kind.THROTTLED
            ? Outcome.Cause.OVERLOADED
            : Outcome.Cause.UNAVAILABLE;
    lose(reason, cause, failure.code(), detail);
  }

  private void lose(String reason, Outcome.Cause cause, String code, String detail) {
    var loss =
        new Accounts.Loss(
            payload.items(), reason, cause, payload.traceId(), code, detail, payload.documents());
    shipping.accounts().givenUp(lot, loss);
  }

  private void keepRest(String why) {
    do {
      lose(Accounts.Loss.SHUTDOWN, Outcome.Cause.UNAVAILABLE, Accounts.Loss.SHUTDOWN, why);
    } while (nextPart());
  }

  // In what state a bug left the request nobody knows: its items are named, but not kept.
  private void rejectRest(String why) {
    do {
      var rejection = new Rejection(payload.items(), "internal_error", why, payload.traceId());
      shipping.accounts().rejected(lot, "internal_error", rejection);
    } while (nextPart());
  }

  private static String reason(Failure failure) {
    return switch (failure.kind()) {
      case THROTTLED -> "throttled";
      case UNAVAILABLE -> "unavailable";
      case CREDENTIALS -> "credentials";
      case FINAL -> "rejected";
    };
  }
}
