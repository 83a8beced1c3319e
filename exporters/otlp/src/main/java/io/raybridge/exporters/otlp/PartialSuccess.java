package io.raybridge.exporters.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Signal;
import io.raybridge.delivery.Rejection;
import io.raybridge.delivery.SendResult;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * What a server took of a request it answered with success. What it rejected is lost for good: OTLP
 * forbids to send it again.
 */
final class PartialSuccess {
  private final ThrottledLog log;

  PartialSuccess(Context context) {
    this.log = new ThrottledLog(context.log(), context.clock());
  }

  SendResult<OtlpPayload> result(Signal signal, OtlpPayload payload, ExportResponse answer) {
    int rejected = Math.clamp(answer.rejectedItems(), 0, payload.items());
    if (rejected == 0) {
      if (!answer.message().isEmpty()) {
        log.log(
            Level.WARNING, "warning", () -> "the server took all and says: " + answer.message());
      }
      return SendResult.delivered(payload);
    }
    log.log(
        Level.WARNING,
        "partial success",
        () -> "the server rejected " + rejected + " " + signal.items() + ": " + answer.message());
    return SendResult.partial(
        payload.items() - rejected,
        List.of(new Rejection(rejected, "partial_success", answer.message(), null)));
  }

  /** An answer in no form of OTLP is still a success: the status said so. */
  SendResult<OtlpPayload> unreadable(OtlpPayload payload, MalformedBatchException why) {
    log.log(
        Level.WARNING,
        "unreadable answer",
        () -> "the server answered success with a body that is not OTLP: " + why.getMessage());
    return SendResult.delivered(payload);
  }
}
