package io.raybridge.transport.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No response was had; {@link #reason()} says where it failed. */
public final class HttpException extends IOException {
  private static final long serialVersionUID = 1;

  /** Where a request failed. */
  public enum Reason {
    /** The host's name has no address. */
    DNS,
    /** Nobody listens at the address. */
    REFUSED,
    /** The network gives no way to the address. */
    UNREACHABLE,
    /** No connection within the time. */
    CONNECT_TIMEOUT,
    /** All connections to this origin were busy for the whole time. */
    BUSY,
    /** The handshake failed: a certificate, a protocol version, a peer that does not speak TLS. */
    TLS,
    /** The proxy refused, or did not answer as one. */
    PROXY,
    /** The connection ended before the response did. The server may have done what was asked. */
    RESET,
    /** The response was not there in time. The server may have done what was asked. */
    RESPONSE_TIMEOUT,
    /** What came is not HTTP/1.x. */
    MALFORMED,
    /** The response's header is larger than any sound one. */
    TOO_LARGE,
    /** The client is closed. */
    CLOSED
  }

  private final Reason reason;

  HttpException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Where it failed. */
  public Reason reason() {
    return reason;
  }
}
