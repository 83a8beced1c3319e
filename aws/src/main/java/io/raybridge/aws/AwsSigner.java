package io.raybridge.aws;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.aws.AwsSignerConfig.AssumeRole;
import io.raybridge.aws.Refreshed.UnavailableException;
import io.raybridge.delivery.Failure;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.HttpResponse;
import io.raybridge.transport.client.Origin;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs requests that others send, such as OTLP to AWS's own endpoints, and reads what AWS means by
 * its refusals.
 */
public final class AwsSigner implements Authenticator {
  /** How X-Ray's OTLP endpoint refuses an account that keeps its traces the classic way. */
  private static final String NO_DESTINATION = "Trace Segment Destination";

  private static final String TRANSACTION_SEARCH =
      "this account's traces do not go to CloudWatch Logs, which X-Ray's OTLP endpoint needs: turn"
          + " on Transaction Search (aws xray update-trace-segment-destination --destination"
          + " CloudWatchLogs), or send with the awsxray exporter, which does without";

  private final AwsSignerConfig config;
  private final Clock clock;
  private final Refreshed<String> region;
  private final Identity identity;
  private final Map<Origin, SigV4> signers = new ConcurrentHashMap<>();

  public AwsSigner(AwsSignerConfig config, Context context) {
    this(config, context, Environment.PROCESS);
  }

  AwsSigner(AwsSignerConfig config, Context context, Environment environment) {
    this.config = config;
    this.clock = context.clock();
    var role = config.assumeRole();
    var session =
        AwsSessionConfig.of(
            config.region(), role.flatMap(AssumeRole::arn), role.flatMap(AssumeRole::externalId));
    this.region =
        new Refreshed<>(
            context.id() + "-region", clock, new RegionSource(session, environment, null));
    var stsRegion = role.flatMap(AssumeRole::stsRegion).or(config::region);
    var sts = AwsSessionConfig.of(stsRegion, Optional.empty(), Optional.empty());
    var credentials =
        new CredentialsSource(
            session,
            environment,
            new Refreshed<>(
                context.id() + "-sts-region", clock, new RegionSource(sts, environment, null)),
            role.map(AssumeRole::sessionName).orElse("raybridge"));
    this.identity = new Identity(credentials, context);
  }

  /** Begins to look for credentials, so that the first request finds them. */
  public void prepare() {
    identity.prepare();
  }

  @Override
  public void authenticate(HttpRequest request)
      throws AuthenticationException, InterruptedException {
    try {
      identity.sign(
          signer(request),
          request.method(),
          request.origin(),
          request.target(),
          request.headers(),
          request.body(),
          request.timeout());
    } catch (UnavailableException e) {
      throw new AuthenticationException(String.valueOf(e.getMessage()), e);
    }
  }

  private SigV4 signer(HttpRequest request) throws UnavailableException, InterruptedException {
    var known = signers.get(request.origin());
    if (known != null) return known;
    var host = request.origin().host();
    var service = config.service().orElseGet(() -> serviceOf(host));
    if (service.isEmpty()) {
      throw new UnavailableException(
          "which AWS service " + host + " is cannot be told from its name (expected: service)",
          null);
    }
    var named = config.region().isPresent() ? config.region().get() : Endpoints.regionOf(host);
    var made = new SigV4(service, named == null ? region.get(request.timeout()) : named);
    signers.put(request.origin(), made);
    return made;
  }

  /** The service by the first part of its host names, or empty. */
  private static String serviceOf(String host) {
    if (host.startsWith("aps-workspaces.")) return "aps";
    if (host.startsWith("search-")) return "es";
    var first = host.substring(0, Math.max(0, host.indexOf('.')));
    return switch (first) {
      case "xray", "logs", "monitoring" -> first;
      default -> "";
    };
  }

  @Override
  public Optional<Refusal> explain(HttpResponse response, String message) {
    var failure = identity.refused(response, AwsErrors.of(response, clock.now()));
    var said = message.isEmpty() ? "" : ": " + message;
    if (response.status() == 400 && message.contains(NO_DESTINATION)) {
      return Optional.of(
          new Refusal(
              What.MEND,
              "no_trace_segment_destination",
              "HTTP 400" + said + " (" + TRANSACTION_SEARCH + ")",
              null));
    }
    // What stood in OTLP's own form the table of AWS's errors has not read.
    var text = failure.message().contains(message) ? failure.message() : failure.message() + said;
    return Optional.of(
        new Refusal(what(failure.kind()), failure.code(), text, failure.retryAfter()));
  }

  private static What what(Failure.Kind kind) {
    return switch (kind) {
      case THROTTLED -> What.SLOW_DOWN;
      case UNAVAILABLE -> What.TRY_AGAIN;
      case CREDENTIALS -> What.MEND;
      case FINAL -> What.GIVE_UP;
    };
  }
}
