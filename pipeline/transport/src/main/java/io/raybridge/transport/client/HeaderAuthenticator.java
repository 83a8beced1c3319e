package io.raybridge.transport.client;

import io.raybridge.data.ClientMetadata;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Authenticator} whose proof does not depend on the request: header fields. So it serves
 * gRPC too, where there is no request to sign.
 */
public interface HeaderAuthenticator extends Authenticator {
  /**
   * The header fields to send now, by their names in lower case.
   *
   * @throws AuthenticationException when there are none now; says what is missing
   */
  Map<String, String> proof() throws AuthenticationException;

  /**
   * Whether its fields are credentials: not to be sent in the clear unnoticed, and worth another
   * attempt once somebody has mended them.
   */
  default boolean isCredentials() {
    return true;
  }

  @Override
  default HeaderAuthenticator of(@Nullable ClientMetadata client) {
    return this;
  }

  @Override
  default void authenticate(HttpRequest request) throws AuthenticationException {
    proof().forEach(request.headers()::add);
  }

  @Override
  default Optional<Refusal> explain(HttpResponse response, String message) {
    int status = response.status();
    if (!isCredentials() || (status != 401 && status != 403)) return Optional.empty();
    String said = message.isEmpty() ? "" : ": " + message;
    return Optional.of(
        new Refusal(
            What.MEND,
            "http_" + status,
            "HTTP " + status + ", the credentials were not accepted" + said,
            null));
  }
}
