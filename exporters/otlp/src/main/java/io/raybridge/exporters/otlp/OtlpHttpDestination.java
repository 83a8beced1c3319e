package io.raybridge.exporters.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.MetadataKeys;
import io.raybridge.data.Batch;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.RpcStatus;
import io.raybridge.data.Signal;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.SendResult;
import io.raybridge.exporters.otlp.OtlpHttpExporterConfig.Encoding;
import io.raybridge.transport.Compression;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.Authenticator.AuthenticationException;
import io.raybridge.transport.client.Authenticator.Refusal;
import io.raybridge.transport.client.ClientTls;
import io.raybridge.transport.client.HeaderAuthenticator;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpClient;
import io.raybridge.transport.client.HttpClientSettings;
import io.raybridge.transport.client.HttpException;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.HttpResponse;
import io.raybridge.transport.client.Origin;
import io.raybridge.transport.client.ProxyRules;
import io.raybridge.transport.client.Slice;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over HTTP. Which failures are worth another attempt is in the specification's section on <a
 * href="https://opentelemetry.io/docs/specs/otlp/#failures-1">HTTP status codes</a>.
 */
final class OtlpHttpDestination implements Destination {
  private static final int MAX_CONNECTIONS = 256;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 64 * 1024;

  private final OtlpHttpExporterConfig config;
  private final Context context;
  private final PartialSuccess partialSuccess;
  private @Nullable HttpClient client;
  private Optional<Authenticator> authenticator = Optional.empty();

  private OtlpHttpDestination(OtlpHttpExporterConfig config, Context context) {
    this.config = config;
    this.context = context;
    this.partialSuccess = new PartialSuccess(context);
  }

  static Destination of(OtlpHttpExporterConfig config, Context context) {
    return new OtlpHttpDestination(config, context);
  }

  /** Never more than may have a connection. */
  @Override
  public int maxRequests() {
    int connections = config.maxConnsPerHost();
    return connections == 0 ? MAX_REQUESTS : Math.min(MAX_REQUESTS, connections);
  }

  @Override
  public void open() throws IOException {
    if (config.auth().isPresent()) {
      var found = authenticator(config.auth().get().authenticator());
      authenticator = Optional.of(found);
      boolean clear =
          Stream.of(Signal.values())
              .flatMap(signal -> config.url(signal).stream())
              .anyMatch(url -> "http".equals(url.getScheme()));
      if (clear && found instanceof HeaderAuthenticator header && header.isCredentials()) {
        context.log().log(
            Level.WARNING,
            "the credentials of {0} go in the clear, since the endpoint is http://",
            config.auth().get().authenticator());
      }
    }
    ProxyRules proxies =
        config
            .proxyUrl()
            .map(url -> ProxyRules.all(OtlpHttpExporterConfig.proxy(url)))
            .orElseGet(() -> ProxyRules.environment(System::getenv));
    client =
        new HttpClient(
            new HttpClientSettings(
                CONNECT_TIMEOUT,
                config.idleConnTimeout(),
                config.maxConnsPerHost() == 0 ? MAX_CONNECTIONS : config.maxConnsPerHost(),
                MAX_ANSWER,
                ClientTls.of(config.tls()),
                proxies));
  }

  private Authenticator authenticator(String id) throws IOException {
    return context
        .host()
        .extension(id, Authenticator.class)
        .orElseThrow(() -> new IOException("auth.authenticator: no extension \"" + id + "\" runs"));
  }

  @Override
  public MetadataKeys wants() {
    return authenticator.map(Authenticator::wants).orElse(MetadataKeys.NONE);
  }

  @Override
  public void close() {
    HttpClient open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }

  /** Packs once, so that another attempt sends the same bytes again. */
  @Override
  public <B extends Batch> Encoder<B, OtlpPayload> encoder() {
    return (batch, out) -> {
      int items = batch.items();
      String traceId = OtlpPayload.traceId(batch);
      List<byte[]> parts =
          config.encoding() == Encoding.JSON ? List.of(Chunks.json(batch)) : Chunks.of(batch);
      Compression compression = config.compression();
      List<byte[]> packed =
          compression == Compression.NONE
              ? parts
              : List.of(compression.pack(parts, config.compressionParams().level()));
      var format = new Format(config.encoding(), compression);
      out.accept(new OtlpPayload(packed, items, format, traceId, batch.client()));
    };
  }

  @Override
  public SendResult<OtlpPayload> send(Signal signal, OtlpPayload payload)
      throws InterruptedException {
    HttpClient open = client;
    Optional<URI> url = config.url(signal);
    if (open == null) {
      return SendResult.failed(payload, Failure.unavailable("not_connected", "not started"));
    }
    if (url.isEmpty()) {
      String message = "neither endpoint nor " + signal.key() + "_endpoint is set";
      return SendResult.failed(payload, Failure.permanent("no_endpoint", message));
    }
    HttpRequest request = request(url.get(), payload);
    HttpResponse response;
    try {
      if (authenticator.isPresent()) {
        authenticator.get().of(payload.client()).authenticate(request);
      }
      response = open.send(request);
    } catch (AuthenticationException e) {
      return SendResult.failed(
          payload, Failure.credentials("not_authenticated", String.valueOf(e.getMessage())));
    } catch (HttpException e) {
      String code = e.reason().name().toLowerCase(Locale.ROOT);
      return SendResult.failed(payload, Failure.unavailable(code, String.valueOf(e.getMessage())));
    }
    if (response.status() / 100 == 2) {
      return delivered(signal, payload, response);
    }
    return SendResult.failed(payload, failure(url.get(), response));
  }

  private HttpRequest request(URI url, OtlpPayload payload) {
    var headers = new Headers();
    headers.add("Content-Type", contentType(payload.format().encoding()));
    if (payload.format().compression() != Compression.NONE) {
      headers.add("Content-Encoding", payload.format().compression().encoding());
    }
    config.headers().forEach((name, value) -> headers.add(name, value.reveal()));
    var body = new ArrayList<Slice>(payload.parts().size());
    for (byte[] part : payload.parts()) {
      body.add(Slice.of(part));
    }
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    return new HttpRequest("POST", Origin.of(url), target, headers, body, config.timeout());
  }

  private static String contentType(Encoding encoding) {
    return switch (encoding) {
      case PROTO -> "application/x-protobuf";
      case JSON -> "application/json";
    };
  }

  private SendResult<OtlpPayload> delivered(
      Signal signal, OtlpPayload payload, HttpResponse response) {
    try {
      ExportResponse answer =
          switch (mediaType(response)) {
            case "application/x-protobuf" -> ExportResponse.ofOtlp(response.body());
            case "application/json" ->
                response.body().length == 0
                    ? ExportResponse.SUCCESS
                    : ExportResponse.ofOtlpJson(response.body());
            default -> ExportResponse.SUCCESS;
          };
      return partialSuccess.result(signal, payload, answer);
    } catch (MalformedBatchException e) {
      return partialSuccess.unreadable(payload, e);
    }
  }

  private Failure failure(URI url, HttpResponse response) {
    String said = said(response);
    return authenticator
        .flatMap(known -> known.explain(response, said))
        .map(refusal -> failure(url, refusal))
        .orElseGet(() -> failure(url, response, said));
  }

  private static Failure failure(URI url, Refusal refusal) {
    String message = url.getHost() + " refused: " + refusal.message();
    Failure.Kind kind =
        switch (refusal.what()) {
          case SLOW_DOWN -> Failure.Kind.THROTTLED;
          case TRY_AGAIN -> Failure.Kind.UNAVAILABLE;
          case MEND -> Failure.Kind.CREDENTIALS;
          case GIVE_UP -> Failure.Kind.FINAL;
        };
    return new Failure(kind, refusal.code(), message, refusal.after());
  }

  private Failure failure(URI url, HttpResponse response, String said) {
    int status = response.status();
    String code = "http_" + status;
    String message =
        url.getHost() + " answered HTTP " + status + (said.isEmpty() ? "" : ": " + said);
    Duration after = retryAfter(response, context.clock().now());
    return switch (status) {
      case 429 -> Failure.throttled(code, message, after);
      case 503 ->
          after == null
              ? Failure.unavailable(code, message)
              : Failure.throttled(code, message, after);
      case 502, 504 -> Failure.unavailable(code, message);
      default -> Failure.permanent(code, message);
    };
  }

  /** The words of the google.rpc.Status that OTLP puts into the body of every failure. */
  private static String said(HttpResponse response) {
    try {
      return switch (mediaType(response)) {
        case "application/x-protobuf" -> RpcStatus.ofProto(response.body()).message();
        case "application/json" -> RpcStatus.ofJson(response.body()).message();
        default -> response.excerpt();
      };
    } catch (MalformedBatchException e) {
      return ""; // whatever it is, it is not for people
    }
  }

  /**
   * Seconds, or a date: <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC</a>.
   */
  static @Nullable Duration retryAfter(HttpResponse response, Instant now) {
    String value = response.headers().get("Retry-After");
    if (value == null) {
      return null;
    }
    try {
      return Duration.ofSeconds(Math.clamp(Long.parseLong(value.strip()), 0, 86_400));
    } catch (NumberFormatException notSeconds) {
      return untilDate(value.strip(), now);
    }
  }

  private static @Nullable Duration untilDate(String value, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String mediaType(HttpResponse response) {
    String type = response.headers().get("Content-Type");
    if (type == null) {
      return "";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }
}
