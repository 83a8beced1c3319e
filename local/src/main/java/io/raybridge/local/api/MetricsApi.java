package io.raybridge.local.api;

import io.raybridge.api.Clock;
import io.raybridge.local.store.StoreException;
import io.raybridge.local.store.TraceStore;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * PutMetricData in the three protocols that CloudWatch's clients speak: awsJson 1.0 (CLI, boto3),
 * rpc-v2-cbor (SDK for Java v2) and awsQuery (older ones).
 */
final class MetricsApi {
  private static final String SERVICE = "GraniteServiceVersion20100801";
  private static final String CBOR_PATH = "/service/" + SERVICE + "/operation/";
  private static final String XMLNS = "http://monitoring.amazonaws.com/doc/2010-08-01/";

  /** The codes that awsQuery and its successors' compatibility header have for error types. */
  private static final Map<String, String> QUERY_CODES =
      Map.of(
          "InvalidParameterValueException", "InvalidParameterValue",
          "MissingRequiredParameterException", "MissingParameter",
          "InvalidParameterCombinationException", "InvalidParameterCombination",
          "UnknownOperationException", "InvalidAction");

  private final TraceStore store;
  private final Clock clock;

  MetricsApi(TraceStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Answers a request for CloudWatch; null for any other. */
  @Nullable Response answer(Request request, String requestId) throws StoreException {
    String target = request.header("X-Amz-Target");
    if (target != null && target.startsWith(SERVICE + ".")) {
      return json(request, target.substring(SERVICE.length() + 1));
    }
    if (request.path().startsWith(CBOR_PATH)) {
      return cbor(request, request.path().substring(CBOR_PATH.length()));
    }
    // Not by the type alone: curl and others call any body a form.
    if (!request.path().equals("/")) return null;
    String type = request.header("Content-Type");
    if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
      return query(request, requestId);
    }
    return null;
  }

  private Response json(Request request, String operation) throws StoreException {
    String type = "application/x-amz-json-1.0";
    try {
      checkOperation(operation);
      put(Json.body(request.body()));
      return Response.of(200, type, Json.bytes(Json.object()));
    } catch (ApiException e) {
      ObjectNode body = Json.object();
      body.put("__type", "com.amazonaws.cloudwatch.v2010_08_01#" + e.type());
      body.put("message", e.getMessage());
      return failed(Response.of(e.status(), type, Json.bytes(body)), e);
    }
  }

  private Response cbor(Request request, String operation) throws StoreException {
    try {
      checkOperation(operation);
      put(Cbor.body(request.body()));
      return Response.of(200, "application/cbor", Cbor.EMPTY)
          .with("smithy-protocol", "rpc-v2-cbor");
    } catch (ApiException e) {
      String type = "com.amazonaws.cloudwatch#" + e.type();
      byte[] body = Cbor.map("__type", type, "message", String.valueOf(e.getMessage()));
      return failed(Response.of(e.status(), "application/cbor", body), e)
          .with("smithy-protocol", "rpc-v2-cbor");
    }
  }

  private static Response failed(Response response, ApiException e) {
    return response
        .with("x-amzn-ErrorType", e.type())
        .with("x-amzn-query-error", code(e) + ";Sender");
  }

  private Response query(Request request, String requestId) throws StoreException {
    String id = "<RequestId>" + requestId + "</RequestId>";
    try {
      ObjectNode form = Form.body(request.body());
      String action = Json.string(form, "Action");
      if (action == null) throw new ApiException(400, "MissingAction", "Action is missing");
      checkOperation(action);
      put(form);
      return xml(
          200,
          "<PutMetricDataResponse xmlns=\""
              + XMLNS
              + "\"><ResponseMetadata>"
              + id
              + "</ResponseMetadata></PutMetricDataResponse>");
    } catch (ApiException e) {
      return xml(
          e.status(),
          "<ErrorResponse xmlns=\""
              + XMLNS
              + "\"><Error><Type>Sender</Type><Code>"
              + code(e)
              + "</Code><Message>"
              + escaped(String.valueOf(e.getMessage()))
              + "</Message></Error>"
              + id
              + "</ErrorResponse>");
    }
  }

  private static Response xml(int status, String xml) {
    return Response.of(status, "text/xml; charset=utf-8", xml.getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String code(ApiException e) {
    return QUERY_CODES.getOrDefault(e.type(), e.type());
  }

  private static void checkOperation(String operation) {
    if (operation.equals("PutMetricData")) return;
    String name = operation.matches("[A-Za-z]{1,50}") ? operation : "this operation";
    throw ApiException.notBuiltIn(name);
  }

  private void put(ObjectNode request) throws StoreException {
    store.putMetrics(MetricDataReader.read(request, clock.now()));
  }
}
