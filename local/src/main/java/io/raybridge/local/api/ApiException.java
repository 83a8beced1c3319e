package io.raybridge.local.api;

import tools.jackson.core.JacksonException;

/**
 * A request is refused. Each protocol words it in its own way: status, error type, message.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html">restJson1
 *     errors</a>
 */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;
  private final String type;

  ApiException(int status, String type, String message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  static ApiException invalid(String message) {
    return new ApiException(400, "InvalidRequestException", message);
  }

  /** Malformed text, by position: the text itself is telemetry and stays out of messages. */
  static ApiException malformed(JacksonException problem) {
    var at = problem.getLocation();
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return new ApiException(400, "SerializationException", "the body is not valid JSON" + where);
  }

  static ApiException notBuiltIn(String operation) {
    return new ApiException(
        404, "UnknownOperationException", operation + " is not built in yet in the local X-Ray");
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }
}
