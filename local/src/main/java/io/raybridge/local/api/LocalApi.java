package io.raybridge.local.api;

import io.raybridge.api.Clock;
import io.raybridge.local.store.StoreException;
import io.raybridge.local.store.TraceStore;
import io.raybridge.transport.Handler;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers real AWS clients, for X-Ray and for CloudWatch's metrics, and the browser, on one port:
 * their paths and headers tell them apart. Signatures are not looked at.
 */
public final class LocalApi implements Handler {
  private final Gate gate;
  private final XrayOperations xray;
  private final MetricsApi metrics;
  private final Console console;
  private final System.Logger log;

  /**
   * @param host the host that the endpoint names
   * @param loopback whether the port is open to this machine only
   */
  public LocalApi(TraceStore store, Clock clock, String host, boolean loopback, System.Logger log) {
    gate = new Gate(host, loopback);
    xray = new XrayOperations(store);
    metrics = new MetricsApi(store, clock);
    console = new Console(store);
    this.log = log;
  }

  @Override
  public Response handle(Request request) {
    String requestId = UUID.randomUUID().toString();
    return answer(request, requestId).with("x-amzn-RequestId", requestId);
  }

  private Response answer(Request request, String requestId) {
    String refusal = gate.refusal(request);
    if (refusal != null) return error(403, "AccessDeniedException", refusal);
    try {
      return switch (request.method()) {
        case "GET", "HEAD" -> console.answer(request);
        case "POST" -> post(request, requestId);
        default -> error(405, "UnknownOperationException", "expected: GET or POST");
      };
    } catch (ApiException e) {
      return error(e.status(), e.type(), e.getMessage());
    } catch (StoreException e) {
      log.log(System.Logger.Level.ERROR, e.getMessage());
      return error(503, "ServiceUnavailableException", e.getMessage());
    }
  }

  private Response post(Request request, String requestId) throws StoreException {
    Response response = metrics.answer(request, requestId);
    if (response != null) return response;
    byte[] body = Json.bytes(xray.answer(request.path(), request.body()));
    return Response.of(200, "application/json", body);
  }

  @Override
  public Response refuse(Request request, int status, String message) {
    String type =
        switch (status) {
          case 413 -> "RequestEntityTooLargeException";
          case 429, 503 -> "ThrottledException";
          default -> "InvalidRequestException";
        };
    return error(status, type, message);
  }

  /** Clients read the type from the header or from the body, and each knows only one. */
  private static Response error(int status, String type, @Nullable String message) {
    ObjectNode body = Json.object();
    body.put("__type", "com.amazonaws.xray#" + type);
    body.put("Message", message);
    return Response.of(status, "application/json", Json.bytes(body)).with("x-amzn-ErrorType", type);
  }
}
