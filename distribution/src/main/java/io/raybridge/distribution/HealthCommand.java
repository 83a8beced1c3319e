package io.raybridge.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code raybridge health}: whether the collector on this machine is up, for containers without a
 * shell or curl. A collector without {@code health_check} is up when it serves its own metrics, and
 * one in place of the X-Ray daemon, which has neither, when it answers X-Ray's SDKs.
 */
@Command(
    name = HealthCommand.NAME,
    description = {
      "Exits with 0 while the collector on this machine is up, else with 1.",
      "Asks the health_check extension; where nobody listens, the collector's own metrics, and then",
      "the TCP port of X-Ray's SDKs."
    },
    mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
  static final String NAME = "health";

  /** The environment variable that says where to ask, as {@code --endpoint} does. */
  static final String VARIABLE = "RAYBRIDGE_HEALTH_ENDPOINT";

  /** Where X-Ray's SDKs ask; to anything but a POST it answers 405, asking nobody. */
  private static final String XRAY = "/GetSamplingRules";

  private static final String DEFAULTS =
      "127.0.0.1:13133/,127.0.0.1:8888/metrics,127.0.0.1:2000" + XRAY;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 4_000;

  private final Surroundings surroundings;

  @Option(
      names = "--endpoint",
      paramLabel = "HOST:PORT/PATH",
      description =
          "Whom to ask; of several, separated by commas, the first that listens. Without it, that"
              + " of "
              + VARIABLE
              + ", or "
              + DEFAULTS
              + ".")
  private @Nullable String endpoints;

  HealthCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    String chosen =
        endpoints == null ? surroundings.env().getOrDefault(VARIABLE, DEFAULTS) : endpoints;
    for (String each : List.of(chosen.split(",", -1))) {
      Optional<Target> target = Target.parse(each.strip());
      if (target.isEmpty()) {
        return fail("health: \"" + each.strip() + "\" (expected: host:port/path)");
      }
      try {
        String status = target.get().ask();
        return target.get().isUp(status) ? 0 : fail("health: " + each.strip() + ": " + status);
      } catch (ConnectException e) {
        // Nobody listens there: the next one.
      } catch (IOException e) {
        return fail("health: " + each.strip() + ": " + e.getMessage());
      }
    }
    return fail("health: nobody listens on " + chosen.replace(",", " or "));
  }

  private int fail(String why) {
    surroundings.err().println(why);
    return 1;
  }

  /** Whom to ask, over plain HTTP. */
  private record Target(String host, int port, String path) {
    static Optional<Target> parse(String text) {
      int slash = text.indexOf('/');
      String authority = slash < 0 ? text : text.substring(0, slash);
      int colon = authority.lastIndexOf(':');
      if (colon <= 0) return Optional.empty();
      try {
        int port = Integer.parseInt(authority.substring(colon + 1));
        if (port < 1 || port > 65_535) return Optional.empty();
        String host = authority.substring(0, colon).replace("[", "").replace("]", "");
        return Optional.of(new Target(host, port, slash < 0 ? "/" : text.substring(slash)));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    boolean isUp(String status) {
      return status.contains(" 200 ") || (path.equals(XRAY) && status.contains(" 405 "));
    }

    /**
     * Gives the status line. By a plain socket: an HTTP client would take longer to load than to
     * ask.
     */
    String ask() throws IOException {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        socket.setSoTimeout(READ_MILLIS);
        String request =
            "GET "
                + path
                + " HTTP/1.1\r\nHost: "
                + host
                + ":"
                + port
                + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = in.readLine();
        return status == null ? "closed without an answer" : status;
      }
    }
  }
}
