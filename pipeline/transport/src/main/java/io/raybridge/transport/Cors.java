package io.raybridge.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers browsers that ask whether a page of another origin may send here, by the <a
 * href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS protocol</a>.
 */
final class Cors {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
  private static final Set<String> ALWAYS_ALLOWED =
      Set.of("accept", "accept-language", "content-type", "content-language");

  private final List<String> origins;
  private final boolean everyOrigin;
  private final List<String> headers;
  private final boolean everyHeader;
  private final String exposed;
  private final int maxAge;

  Cors(CorsConfig config) {
    origins = config.allowedOrigins().stream().map(Cors::lower).toList();
    everyOrigin = origins.contains("*");
    headers =
        config.allowedHeaders().isEmpty()
            ? List.of("x-requested-with")
            : config.allowedHeaders().stream().map(Cors::lower).toList();
    everyHeader = headers.contains("*");
    exposed = String.join(", ", config.exposedHeaders());
    maxAge = config.maxAge();
  }

  static boolean isPreflight(Request request) {
    return request.method().equals("OPTIONS")
        && request.header("Access-Control-Request-Method") != null;
  }

  /** The answer to a preflight request; what it does not grant, it leaves out. */
  Response preflight(Request request) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    String origin = request.header("Origin");
    String method = request.header("Access-Control-Request-Method");
    String wanted = request.header("Access-Control-Request-Headers");
    if (origin == null || method == null || !allows(origin)) {
      return new Response(204, answer, Response.EMPTY);
    }
    if (!METHODS.contains(method.toUpperCase(Locale.ROOT)) || !allowsHeaders(wanted)) {
      return new Response(204, answer, Response.EMPTY);
    }
    grant(origin, answer);
    answer.put("Access-Control-Allow-Methods", method.toUpperCase(Locale.ROOT));
    if (wanted != null && !wanted.isEmpty()) {
      answer.put("Access-Control-Allow-Headers", wanted);
    }
    if (maxAge > 0) {
      answer.put("Access-Control-Max-Age", Integer.toString(maxAge));
    }
    return new Response(204, answer, Response.EMPTY);
  }

  /** The headers that let a page read the answer to its request. */
  Response allow(Request request, Response response) {
    var answer = new LinkedHashMap<>(response.headers());
    answer.merge("Vary", "Origin", (old, more) -> old + ", " + more);
    String origin = request.header("Origin");
    if (origin != null && allows(origin)) {
      grant(origin, answer);
      if (!exposed.isEmpty()) {
        answer.put("Access-Control-Expose-Headers", exposed);
      }
    }
    return new Response(response.status(), answer, response.body());
  }

  private void grant(String origin, Map<String, String> answer) {
    answer.put("Access-Control-Allow-Origin", everyOrigin ? "*" : origin);
    answer.put("Access-Control-Allow-Credentials", "true");
  }

  private boolean allows(String origin) {
    String lower = lower(origin);
    for (String pattern : origins) {
      if (matches(pattern, lower)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String origin) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(origin);
    }
    String start = pattern.substring(0, star);
    String end = pattern.substring(star + 1);
    return origin.length() >= start.length() + end.length()
        && origin.startsWith(start)
        && origin.endsWith(end);
  }

  private boolean allowsHeaders(@Nullable String wanted) {
    if (everyHeader || wanted == null || wanted.isBlank()) {
      return true;
    }
    for (String name : wanted.split(",", -1)) {
      String header = lower(name.strip());
      if (!ALWAYS_ALLOWED.contains(header) && !headers.contains(header)) {
        return false;
      }
    }
    return true;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
