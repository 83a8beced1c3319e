package io.raybridge.aws;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.aws.Refreshed.Fetched;
import io.raybridge.aws.Refreshed.UnavailableException;
import io.raybridge.delivery.Failure;
import io.raybridge.transport.client.ClientTls;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpClient;
import io.raybridge.transport.client.HttpClientSettings;
import io.raybridge.transport.client.HttpException;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.HttpResponse;
import io.raybridge.transport.client.Proxy;
import io.raybridge.transport.client.ProxyRules;
import io.raybridge.transport.client.Slice;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends signed requests to one service. Region and credentials are found out beside the hot path; a
 * collector starts and takes data in without them, and says once what is missing.
 */
public final class AwsClient implements AutoCloseable {
  private static final Duration FOR_GOOD = Duration.ofDays(365);

  private final AwsService service;
  private final Environment environment;
  private final System.Logger log;
  private final Clock clock;
  private final Duration timeout;
  private final HttpClient http;
  private final String userAgent;
  private final @Nullable Endpoint configured;
  private final boolean signed;
  private final Refreshed<String> region;
  private final Refreshed<Site> site;
  private final Identity identity;
  private volatile String saidLast = "";

  /**
   * @throws IllegalArgumentException when an environment variable that names an endpoint or a proxy
   *     cannot be read; names the variable
   */
  public AwsClient(AwsService service, AwsSessionConfig config, Context context) {
    this(service, config, Optional.empty(), context, Environment.PROCESS);
  }

  /**
   * @param serverName to ask for and to expect in the certificate, where it is not the endpoint's
   */
  public AwsClient(
      AwsService service, AwsSessionConfig config, Optional<String> serverName, Context context) {
    this(service, config, serverName, context, Environment.PROCESS);
  }

  AwsClient(AwsService service, AwsSessionConfig config, Context context, Environment environment) {
    this(service, config, Optional.empty(), context, environment);
  }

  private AwsClient(
      AwsService service,
      AwsSessionConfig config,
      Optional<String> serverName,
      Context context,
      Environment environment) {
    this.service = service;
    this.environment = environment;
    this.log = context.log();
    this.clock = context.clock();
    this.timeout = Duration.ofSeconds(config.requestTimeoutSeconds());
    this.userAgent = UserAgent.of(environment);
    this.configured = Endpoints.configured(service, config, environment);
    boolean loopback = configured != null && configured.origin().loopback();
    this.signed = !loopback || CredentialsSource.named(config, environment);
    var regions = new RegionSource(config, environment, configured);
    this.region = new Refreshed<>(context.id() + "-region", clock, regions);
    this.site = new Refreshed<>(context.id() + "-endpoint", clock, this::findSite);
    this.identity = new Identity(new CredentialsSource(config, environment, region), context);
    var settings = settings(config, environment);
    this.http =
        new HttpClient(
            serverName.map(name -> settings.with(settings.tls().expecting(name))).orElse(settings));
  }

  /** Where requests go and how they are signed there. */
  private record Site(Endpoint endpoint, SigV4 signer) {}

  /** Begins to look for region and credentials, so that the first request finds them. */
  public void prepare() {
    site.prepare();
    if (signed) identity.prepare();
  }

  /** Where requests go, for messages; what is not known yet is named so. */
  public String destination() {
    return configured != null ? configured.toString() : service.prefix() + " of the region";
  }

  /**
   * Sends a POST request and waits for its answer. Never throws for what can happen in normal
   * operation.
   *
   * @param path such as {@code /TraceSegments}
   * @param headers what the service's protocol asks for; date, signature and agent are added
   * @param body its parts in order; not copied, so to be left alone until this returns
   */
  public AwsReply post(String path, Headers headers, List<Slice> body) throws InterruptedException {
    try {
      return post(site.get(timeout), path, headers, body);
    } catch (UnavailableException e) {
      var message = String.valueOf(e.getMessage());
      sayOnce(message);
      return new AwsReply.Failed(Failure.credentials("credentials_unavailable", message));
    } catch (HttpException e) {
      return new AwsReply.Failed(AwsErrors.of(e));
    }
  }

  private AwsReply post(Site site, String path, Headers headers, List<Slice> body)
      throws UnavailableException, HttpException, InterruptedException {
    var origin = site.endpoint().origin();
    var target = site.endpoint().basePath() + path;
    if (signed) {
      identity.sign(site.signer(), "POST", origin, target, headers, body, timeout);
    }
    headers.add("user-agent", userAgent);
    var response = http.send(new HttpRequest("POST", origin, target, headers, body, timeout));
    if (response.status() / 100 == 2) {
      sayRecovered();
      return new AwsReply.Done(response);
    }
    return new AwsReply.Failed(refused(response));
  }

  private Failure refused(HttpResponse response) {
    var failure = AwsErrors.of(response, clock.now());
    return signed ? identity.refused(response, failure) : failure;
  }

  private Fetched<Site> findSite() throws UnavailableException {
    try {
      var name = region.get(timeout);
      var endpoint =
          configured != null ? configured : Endpoints.regional(service, name, environment);
      log.log(Level.INFO, "sending to {0}, region {1}", endpoint, name);
      var signer = new SigV4(service.signingName(), name);
      return new Fetched<>(new Site(endpoint, signer), FOR_GOOD, null);
    } catch (IllegalArgumentException e) {
      throw new UnavailableException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }

  private void sayOnce(String problem) {
    if (problem.equals(saidLast)) return;
    saidLast = problem;
    log.log(Level.WARNING, "cannot send to AWS yet, and keep trying: {0}", problem);
  }

  private void sayRecovered() {
    if (saidLast.isEmpty()) return;
    saidLast = "";
    log.log(Level.INFO, "sending to AWS now");
  }

  /** How to reach AWS: proxy, authorities, connections. */
  static HttpClientSettings settings(AwsSessionConfig config, Environment environment) {
    var tls =
        config.noVerifySsl()
            ? ClientTls.insecure()
            : config
                .certificateFilePath()
                .map(file -> ClientTls.systemAnd(Path.of(file)))
                .orElseGet(ClientTls::system);
    var proxies =
        config
            .proxyAddress()
            .map(address -> ProxyRules.all(Proxy.of(address)))
            .orElseGet(() -> ProxyRules.environment(environment::get));
    return HttpClientSettings.defaults()
        .with(tls)
        .with(proxies)
        .withMaxConnections(config.mostRequests());
  }

  /** Ends all connections. */
  @Override
  public void close() {
    http.close();
  }
}
