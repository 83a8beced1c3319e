package io.raybridge.transport;

import io.raybridge.api.Context;
import io.raybridge.api.Secret;
import io.raybridge.api.ThrottledLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all connections of one HTTP server share, and how it answers one request. */
final class HttpSettings {
  /** Larger bodies are not looked at on the event loop: other connections would wait for it. */
  private static final int LARGEST_AT_ONCE = 256 << 10;

  final HttpServerConfig config;
  final Duration readHeader;
  final Duration read;
  final Duration write;
  final Duration idle;
  final boolean keepAlives;
  final MemoryBudget budget;
  final Executor workers;
  final ThrottledLog events;
  final System.Logger log;
  final long openedAt = System.nanoTime();
  volatile boolean stopping;

  private final String protocol;
  private final Handler handler;
  private final @Nullable Cors cors;
  private final List<Map.Entry<String, String>> added = new ArrayList<>();
  private final String encodings;

  HttpSettings(
      Context context,
      String protocol,
      HttpServerConfig config,
      HttpTimeouts timeouts,
      Handler handler,
      MemoryBudget budget,
      Executor workers) {
    this.protocol = protocol;
    this.config = config;
    this.handler = handler;
    this.budget = budget;
    this.workers = workers;
    this.log = context.log();
    read = config.readTimeout();
    readHeader = timeouts.readHeader().isPositive() ? timeouts.readHeader() : read;
    idle = timeouts.idle().isPositive() ? timeouts.idle() : read;
    write = timeouts.write();
    keepAlives = timeouts.keepAlives();
    cors =
        config.cors().filter(some -> !some.allowedOrigins().isEmpty()).map(Cors::new).orElse(null);
    for (Map.Entry<String, Secret> field : config.responseHeaders().entrySet()) {
      added.add(Map.entry(field.getKey(), field.getValue().reveal()));
    }
    encodings = String.join(", ", encodings(config));
    events = new ThrottledLog(log, context.clock());
  }

  boolean timed() {
    return readHeader.isPositive() || read.isPositive();
  }

  /** Begins to answer, on the event loop. */
  Handler.Step begin(Request request, MemoryBudget.Lease lease) {
    boolean preflight = cors != null && Cors.isPreflight(request);
    if (preflight
        || request.body().length > LARGEST_AT_ONCE
        || request.header("Content-Encoding") != null
        || !config.accepts("")) {
      return (Handler.Rest) () -> answer(request, lease);
    }
    Handler.Step step;
    try {
      step = handler.begin(request);
    } catch (RuntimeException | Error e) {
      bug(e);
      step = refused(request, 500, "internal error");
    }
    return switch (step) {
      case Response response -> dress(request, response);
      case Handler.Rest rest -> (Handler.Rest) () -> answer(request, rest);
    };
  }

  private Response answer(Request request, Handler.Rest rest) {
    Response response;
    try {
      response = rest.answer();
    } catch (RuntimeException | Error e) {
      bug(e);
      response = refused(request, 500, "internal error");
    }
    return dress(request, response);
  }

  /** Never throws: whatever happens, the client gets an answer. */
  private Response answer(Request request, MemoryBudget.Lease lease) {
    if (cors != null && Cors.isPreflight(request)) {
      return add(cors.preflight(request));
    }
    return answer(request, () -> unpackAndHandle(request, lease));
  }

  /** The answer to a request that does not get as far as the handler. */
  Response refuse(Request request, int status, String message) {
    return dress(request, refused(request, status, message));
  }

  private Response unpackAndHandle(Request request, MemoryBudget.Lease lease) {
    String encoding = request.header("Content-Encoding");
    if (encoding == null || encoding.isEmpty() || encoding.equalsIgnoreCase("identity")) {
      return config.accepts("")
          ? handler.handle(request)
          : refused(request, 415, "expected a Content-Encoding: " + encodings);
    }
    if (!config.accepts(encoding)) {
      String message = "Content-Encoding " + encoding + " (expected: " + encodings + ")";
      return refused(request, 415, message).with("Accept-Encoding", encodings);
    }
    byte[] body;
    try {
      body = new Decompression(config.maxRequestBodySize(), lease).unpack(encoding, request.body());
    } catch (Decompression.TooLarge e) {
      return refused(request, 413, tooLarge());
    } catch (Decompression.NoRoom e) {
      return refused(request, 429, noRoom()).with("Retry-After", "1");
    } catch (IOException e) {
      return refused(request, 400, "the body is not valid " + encoding);
    }
    return handler.handle(request.withBody(body));
  }

  String tooLarge() {
    return "the body is larger than max_request_body_size, "
        + config.maxRequestBodySize()
        + " bytes";
  }

  String noRoom() {
    return "too many bytes in flight, come again";
  }

  private Response refused(Request request, int status, String message) {
    try {
      return handler.refuse(request, status, message);
    } catch (RuntimeException e) {
      bug(e);
      return Response.text(status, message);
    }
  }

  private void bug(Throwable thrown) {
    events.log(
        Level.ERROR,
        String.valueOf(thrown.getClass()),
        () -> protocol + ": a request ended in a bug and was answered with 500",
        thrown);
  }

  /**
   * TLS that does not come about is the operator's to know: a wrong certificate looks like this.
   */
  void handshakeFailed(Throwable thrown) {
    events.log(
        Level.WARNING,
        "handshake",
        () -> protocol + ": TLS handshake failed: " + thrown.getMessage());
  }

  private Response dress(Request request, Response response) {
    return add(cors == null ? response : cors.allow(request, response));
  }

  private Response add(Response response) {
    Response dressed = response;
    for (Map.Entry<String, String> field : added) {
      dressed = dressed.with(field.getKey(), field.getValue());
    }
    return dressed;
  }

  private static List<String> encodings(HttpServerConfig config) {
    var names = new ArrayList<String>();
    for (String encoding : Decompression.ENCODINGS) {
      if (config.accepts(encoding)) {
        names.add(encoding);
      }
    }
    return names;
  }
}
