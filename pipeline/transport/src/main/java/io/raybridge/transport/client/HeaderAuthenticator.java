package io.raybridge.transport.client;

import java.util.Map;
import java.util.Optional;

/**
 * An {@link Authenticator} whose proof is the same for every request: header fields. So it serves
 * gRPC too, where there is no request to sign.
 */
public interface HeaderAuthenticator extends Authenticator {
  /**
   * The header fields to send now, by their names in lower case.
   *
   * @throws AuthenticationException when there are none now; says what is missing
   */
  Map<String, String> proof() throws AuthenticationException;

  @Override
  default void authenticate(HttpRequest request) throws AuthenticationException {
    proof().forEach(request.headers()::add);
  }

  @Override
  default Optional<Refusal> explain(HttpResponse response, String message) {
    int status = response.status();
    if (status != 401 && status != 403) return Optional.empty();
    String said = message.isEmpty() ? "" : ": " + message;
    return Optional.of(
        new Refusal(
            What.MEND,
            "http_" + status,
            "HTTP " + status + ", the credentials were not accepted" + said,
            null));
  }
}
