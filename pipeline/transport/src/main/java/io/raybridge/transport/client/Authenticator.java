package io.raybridge.transport.client;

import io.raybridge.api.MetadataKeys;
import io.raybridge.data.ClientMetadata;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an extension offers that proves to servers who sends. A client finds it by the id under its
 * {@code auth.authenticator}, and asks it for every attempt of every request.
 */
public interface Authenticator {
  /**
   * Adds the proof to a request that is otherwise complete: body and header do not change any more.
   * May wait for credentials, but not longer than the request may take.
   *
   * @throws AuthenticationException when there is nothing to prove it with now; says what is
   *     missing
   */
  void authenticate(HttpRequest request) throws AuthenticationException, InterruptedException;

  /**
   * The one for requests with data of this client. Who proves the same whoever the client is, is
   * that itself.
   *
   * @param client what it sent beside its data, as far as {@link #wants} says; null for nothing
   */
  default Authenticator of(@Nullable ClientMetadata client) {
    return this;
  }

  /** What of clients' metadata {@link #of} needs; requests have data of one client then. */
  default MetadataKeys wants() {
    return MetadataKeys.NONE;
  }

  /**
   * What a refusal means, where that is known better than from its status alone. Also how the
   * authenticator learns that its proof was not accepted.
   *
   * @param message what the client has read from the body, or empty
   */
  default Optional<Refusal> explain(HttpResponse response, String message) {
    return Optional.empty();
  }

  /**
   * A refusal as its server means it.
   *
   * @param code the server's word for it
   * @param message for people, with what to do where that is known; never a secret
   * @param after how long the server asks to wait, or null
   */
  record Refusal(What what, String code, String message, @Nullable Duration after) {}

  /** What to do about a refusal. */
  enum What {
    /** The server takes less than is sent: again later, and slower. */
    SLOW_DOWN,
    /** Something is out of order: again later. */
    TRY_AGAIN,
    /** Somebody has to change something first: again, slowly. */
    MEND,
    /** Trying again would not help. */
    GIVE_UP
  }

  /** There is nothing to prove with who sends; the message says what is missing. */
  final class AuthenticationException extends Exception {
    private static final long serialVersionUID = 1;

    public AuthenticationException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
