package io.raybridge.delivery;

import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way of one request: attempts and pauses, until each of its items is settled. */
final class Shipment<B extends Batch, P extends Payload> implements Runnable {
  private final Shipping<B, P> shipping;
  private final Lot<B> lot;
  private final Backoff backoff;
  private P payload;
  private long held;

  Shipment(Shipping<B, P> shipping, Lot<B> lot, P payload) {
    this.shipping = shipping;
    this.lot = lot;
    this.payload = payload;
    held = payload.sizeBytes();
    backoff = new Backoff(shipping.retry(), shipping.random());
  }

  /** Begins in a place of {@link InFlight}, and ends without any. */
  @Override
  public void run() {
    long first = shipping.clock().nanoTime();
    try {
      while (true) {
        boolean lastAttempt = shipping.stopping().begun();
        var failure = attempt();
        if (failure == null || isGivenUp(failure, first, lastAttempt)) return;
        shipping.inFlight().enterAgain();
      }
    } catch (InterruptedException e) {
      // Only the end of a stop interrupts, and it settles what is open.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      shipping.log().log(System.Logger.Level.ERROR, "delivery failed by a bug", bug);
      rejectRest("internal_error", "internal_error", bug.toString());
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
    shipping.inFlight().free(held - rest.sizeBytes());
    held = rest.sizeBytes();
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
    if (result.delivered() > 0) shipping.pace().taken(result.delivered(), started);
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

  private boolean isGivenUp(Failure failure, long first, boolean lastAttempt)
      throws InterruptedException {
    String why = failure.code() + ": " + failure.message();
    if (failure.kind() == Failure.Kind.FINAL) {
      rejectRest("rejected", failure.code(), failure.message());
      return true;
    }
    if (lastAttempt) {
      giveUp(failure, "shutdown", "last attempt before shutdown: " + why);
      return true;
    }
    if (!shipping.retry().enabled()) {
      giveUp(failure, reason(failure), "not tried again, retry_on_failure is disabled: " + why);
      return true;
    }
    long pause = pause(failure, first);
    if (pause < 0) {
      Duration after = Duration.ofNanos(shipping.clock().nanoTime() - first);
      giveUp(failure, reason(failure), "given up after " + after.toSeconds() + " s: " + why);
      return true;
    }
    shipping.stopping().pause(pause);
    return false;
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

  private void rejectRest(String reason, String code, String message) {
    var rejection = new Rejection(payload.items(), code, message, payload.traceId());
    shipping.accounts().rejected(lot, reason, rejection);
  }

  private void giveUp(Failure failure, String reason, String detail) {
    var cause =
        failure.kind() == Failure.Kind.THROTTLED
            ? Outcome.Cause.OVERLOADED
            : Outcome.Cause.UNAVAILABLE;
    shipping.accounts().givenUp(lot, payload.items(), reason, cause, payload.traceId(), detail);
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
