package io.raybridge.local.api;

import io.raybridge.local.store.Position;
import io.raybridge.local.store.SeriesRow;
import io.raybridge.local.store.StoreException;
import io.raybridge.local.store.TraceRow;
import io.raybridge.local.store.TraceStore;
import io.raybridge.local.store.Window;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The page for people, and the JSON it reads. */
final class Console {
  private static final int PAGE = 50;
  private static final int MAX_SERIES = 500;
  private static final String TRACES = "/api/traces";

  /** The page loads nothing from elsewhere and may be framed by nobody. */
  private static final Map<String, String> SAFETY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  private final TraceStore store;
  private final TraceList list;

  Console(TraceStore store) {
    this.store = store;
    list = new TraceList(store);
  }

  Response answer(Request request) throws StoreException {
    Response response = page(request);
    for (var header : SAFETY.entrySet()) {
      response = response.with(header.getKey(), header.getValue());
    }
    return response;
  }

  private Response page(Request request) throws StoreException {
    String path = request.path();
    if (path.startsWith(TRACES + "/")) return trace(path.substring(TRACES.length() + 1));
    return switch (path) {
      case "/" -> resource("console.html", "text/html; charset=utf-8");
      case "/console.css" -> resource("console.css", "text/css; charset=utf-8");
      case "/console.js" -> resource("console.js", "text/javascript; charset=utf-8");
      case "/timeline.js" -> resource("timeline.js", "text/javascript; charset=utf-8");
      case "/icon.svg" -> resource("icon.svg", "image/svg+xml");
      case TRACES -> traces(request.parameter("before"));
      case "/api/metrics" -> metrics();
      default -> Response.text(404, "nothing here; the page is at /");
    };
  }

  private static Response resource(String name, String type) {
    try (var file = Console.class.getResourceAsStream(name)) {
      if (file == null) throw new IllegalStateException(name + " is missing from the jar");
      return Response.of(200, type, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Response traces(@Nullable String before) throws StoreException {
    Position after = before == null ? Position.NEWEST : PageToken.read(before);
    var everything = new Window(Window.By.START, 0, Long.MAX_VALUE);
    List<TraceRow> rows = store.list(everything, after, PAGE + 1);
    List<TraceRow> page = rows.subList(0, Math.min(PAGE, rows.size()));
    ObjectNode json = Json.object();
    ArrayNode traces = json.putArray("traces");
    for (TraceRow row : page) traces.addAll(list.entry(row));
    if (rows.size() > PAGE) json.put("next", PageToken.of(Position.after(page.getLast())));
    return json(json);
  }

  private Response trace(String id) throws StoreException {
    var found = store.trace(id.toLowerCase(Locale.ROOT));
    if (found.isEmpty()) return Response.text(404, "no such trace");
    CompiledTrace trace = CompiledTrace.of(found.get());
    ObjectNode json = Json.object();
    json.put("id", trace.row().id());
    json.put("revision", trace.row().revision());
    json.put("full", trace.row().full());
    json.putArray("segments").addAll(trace.segments());
    return json(json);
  }

  private Response metrics() throws StoreException {
    ObjectNode json = Json.object();
    ArrayNode series = json.putArray("series");
    for (SeriesRow row : store.series(MAX_SERIES)) {
      var latest = row.latest();
      ObjectNode entry = series.addObject();
      entry.put("namespace", latest.series().namespace());
      entry.put("name", latest.series().name());
      entry.put("unit", latest.series().unit());
      entry.set("dimensions", Json.MAPPER.readTree(latest.series().dimensions()));
      entry.put("at", Json.seconds(latest.atMicros()));
      entry.set("values", Json.MAPPER.readTree(latest.values()));
      entry.put("count", row.count());
    }
    return json(json);
  }

  private static Response json(ObjectNode json) {
    return Response.of(200, "application/json", Json.bytes(json));
  }
}
