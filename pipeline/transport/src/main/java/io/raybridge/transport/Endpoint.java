package io.raybridge.transport;

import io.raybridge.api.Invalid;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/**
 * A {@code host:port} to listen on or to connect to, spelled as in Go: {@code [::1]:4317} for IPv6,
 * an empty host for every interface.
 */
public record Endpoint(String host, int port) {
  /**
   * Reads an endpoint.
   *
   * @throws Invalid for the key {@code endpoint} when the text is not a host and a port
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
    if (colon < 0 || (!bracketed && text.indexOf(':') != colon)) {
      throw invalid(text);
    }
    String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
    return new Endpoint(host, port(text, text.substring(colon + 1)));
  }

  /** The address to bind, its host name resolved. */
  InetSocketAddress address(String protocol) throws IOException {
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException(
          protocol + " endpoint " + this + ": the host " + host + " cannot be resolved");
    }
    return address;
  }

  /** The same port on the same host, as users spell it. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Says which port of which protocol could not be had, and what to do. */
  IOException cannotListen(String protocol, Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof BindException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new IOException(protocol + " endpoint " + this + ": " + explain(cause), failure);
  }

  private String explain(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("in use")) {
      return "port "
          + port
          + " is in use by another process (ss -ltnp 'sport = :"
          + port
          + "' shows which; stop it or choose another endpoint)";
    }
    if (message.contains("Cannot assign")) {
      return "no interface of this machine has the address " + host;
    }
    if (message.contains("denied")) {
      return "port " + port + " may not be opened by this user (" + message + ")";
    }
    return message;
  }

  private static int port(String text, String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      throw invalid(text);
    }
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw invalid(text);
      }
      port = port * 10 + digit;
    }
    if (port > 65535) {
      throw invalid(text);
    }
    return port;
  }

  private static Invalid invalid(String text) {
    return new Invalid("endpoint", text + " (expected: host:port, such as localhost:4317)");
  }
}
