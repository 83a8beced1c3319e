package io.raybridge.sampling;

import io.raybridge.transport.Handler;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.util.UUID;

/** A {@link SamplingService} over HTTP: the two calls and nothing else, whoever asks. */
public final class SamplingHandler implements Handler {
  private final SamplingService service;

  public SamplingHandler(SamplingService service) {
    this.service = service;
  }

  /** Whether a request is one of the two calls. */
  public static boolean serves(Request request) {
    return request.method().equals("POST")
        && (request.path().equals(SamplingService.RULES)
            || request.path().equals(SamplingService.TARGETS));
  }

  @Override
  public Response handle(Request request) {
    if (!serves(request)) {
      return signed(
          SamplingService.Reply.refusal(
              403,
              "AccessDeniedException",
              "only POST "
                  + SamplingService.RULES
                  + " and POST "
                  + SamplingService.TARGETS
                  + " are served here"));
    }
    try {
      return signed(service.answer(request.path(), request.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return signed(
          SamplingService.Reply.refusal(503, "ServiceUnavailable", "the collector is stopping"));
    }
  }

  private static Response signed(SamplingService.Reply reply) {
    return response(reply).with("x-amzn-RequestId", UUID.randomUUID().toString());
  }

  /** The answer without an id of the request. */
  public static Response response(SamplingService.Reply reply) {
    var response = Response.of(reply.status(), "application/json", reply.body());
    return reply.error().isEmpty() ? response : response.with("x-amzn-ErrorType", reply.error());
  }
}
