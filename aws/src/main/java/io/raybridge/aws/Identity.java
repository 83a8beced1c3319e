package io.raybridge.aws;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.aws.Refreshed.UnavailableException;
import io.raybridge.delivery.Failure;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpResponse;
import io.raybridge.transport.client.Origin;
import io.raybridge.transport.client.Slice;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** What requests are signed with: credentials, and AWS's idea of the time. */
final class Identity {
  private static final Duration NOTABLE_SKEW = Duration.ofMinutes(1);

  private final Clock clock;
  private final System.Logger log;
  private final CredentialsSource source;
  private final Refreshed<Credentials> credentials;
  private volatile Duration clockSkew = Duration.ZERO;

  Identity(CredentialsSource source, Context context) {
    this.clock = context.clock();
    this.log = context.log();
    this.source = source;
    this.credentials = new Refreshed<>(context.id() + "-credentials", clock, source);
  }

  /** Begins to look for credentials, so that the first request finds them. */
  void prepare() {
    credentials.prepare();
  }

  /**
   * Adds date, token and signature to the headers of a request that is otherwise complete.
   *
   * @param patience how long to wait where there are no credentials yet
   */
  void sign(
      SigV4 signer,
      String method,
      Origin origin,
      String target,
      Headers headers,
      List<Slice> body,
      Duration patience)
      throws UnavailableException, InterruptedException {
    var keys = credentials.get(patience);
    var now = clock.now().plus(clockSkew);
    signer.sign(method, origin.authority(), target, headers, body, keys, now);
  }

  /**
   * What to do about a refusal that was read as this failure. Where credentials were at fault, the
   * next request gets new ones, or AWS's time.
   */
  Failure refused(HttpResponse response, Failure failure) {
    if (failure.kind() != Failure.Kind.CREDENTIALS) return failure;
    if (learnSkew(response)) return Failure.unavailable("clock_skew", failure.message());
    source.forget();
    credentials.invalidate();
    return failure;
  }

  /**
   * AWS refuses signatures that are more than five minutes off. Its own Date header tells by how
   * much, so the next ones carry its time.
   */
  private boolean learnSkew(HttpResponse response) {
    var header = response.headers().get("date");
    var theirs = header == null ? null : AwsErrors.date(header);
    if (theirs == null) return false;
    var skew = Duration.between(clock.now(), theirs);
    if (skew.minus(clockSkew).abs().compareTo(NOTABLE_SKEW) < 0) return false;
    clockSkew = skew;
    log.log(
        Level.WARNING,
        "this machine''s clock is {0} s off AWS''s; requests are signed with AWS''s time",
        skew.toSeconds());
    return true;
  }
}
