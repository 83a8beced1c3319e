package io.raybridge.sampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.api.ThrottledLog;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.aws.AwsService;
import io.raybridge.aws.AwsSessionConfig;
import io.raybridge.delivery.Failure;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands SDKs' calls on to X-Ray, signed with the collector's own credentials. When X-Ray is away
 * they get the rules of before, and no new quotas. A call is signed or not made.
 */
public final class SamplingRelay implements SamplingService, AutoCloseable {
  /** So often at most X-Ray is asked the same, however many SDKs there are. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final int MOST_PAGES = 100;

  private final AwsClient client;
  private final Clock clock;
  private final ThrottledLog log;
  // Answers by the request's NextToken, which is empty for the first page.
  private final Map<String, Page> pages = new HashMap<>();
  private double modified;
  private long restUntil;
  private boolean resting;

  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Page(byte[] body, long since) {}

  /**
   * @throws IllegalArgumentException when an environment variable that names an endpoint or a proxy
   *     cannot be read; names the variable
   */
  public SamplingRelay(AwsSessionConfig config, Context context) {
    client = new AwsClient(AwsService.XRAY, config, context);
    clock = context.clock();
    log = new ThrottledLog(context.log(), clock);
  }

  /** Begins to look for region and credentials. */
  public void prepare() {
    client.prepare();
  }

  @Override
  public Reply answer(String path, byte[] body) throws InterruptedException {
    try {
      return path.equals(RULES) ? rules(body) : targets(body);
    } catch (RuleException e) {
      return Reply.refusal(400, "InvalidRequestException", String.valueOf(e.getMessage()));
    }
  }

  private Reply rules(byte[] body) throws RuleException, InterruptedException {
    var token =
        body.length > 0
                && JsonTree.read(body) instanceof Map<?, ?> request
                && request.get("NextToken") instanceof String text
            ? text
            : "";
    var known = page(token);
    if (known != null && clock.nanoTime() - known.since() < FRESH.toNanos()) {
      return Reply.of(known.body());
    }
    return switch (call(RULES, body)) {
      case AwsReply.Done(var response) -> {
        keep(token, response.body());
        yield Reply.of(response.body());
      }
      case AwsReply.Failed(var failure) ->
          known != null ? Reply.of(known.body()) : refusal(failure);
    };
  }

  private Reply targets(byte[] body) throws RuleException, InterruptedException {
    var request = JsonTree.read(body);
    return switch (call(TARGETS, body)) {
      case AwsReply.Done(var response) -> {
        changed(response.body());
        yield Reply.of(response.body());
      }
      case AwsReply.Failed(var failure) ->
          page("") != null && failure.kind() != Failure.Kind.FINAL
              ? Reply.of(withoutTargets(request, failure))
              : refusal(failure);
    };
  }

  private AwsReply call(String path, byte[] body) throws InterruptedException {
    synchronized (this) {
      if (resting && clock.nanoTime() - restUntil < 0) {
        return new AwsReply.Failed(
            Failure.unavailable("ServiceUnavailable", "X-Ray could not be asked a moment ago"));
      }
      resting = false;
    }
    var headers = new Headers().add("content-type", "application/json");
    var reply = client.post(path, headers, List.of(Slice.of(body.length == 0 ? EMPTY : body)));
    if (reply instanceof AwsReply.Failed(var failure)) {
      log.log(
          Level.WARNING,
          path,
          () -> "X-Ray did not answer " + path + ": " + failure.code() + ": " + failure.message());
      if (failure.kind() != Failure.Kind.FINAL) {
        synchronized (this) {
          // SDKs give up after two seconds: they shall not all wait for what does not come.
          resting = true;
          restUntil = clock.nanoTime() + FRESH.toNanos();
        }
      }
    }
    return reply;
  }

  private static final byte[] EMPTY = {'{', '}'};

  private static Reply refusal(Failure failure) {
    return switch (failure.kind()) {
      case FINAL -> Reply.refusal(400, failure.code(), failure.message());
      case THROTTLED -> Reply.refusal(429, "ThrottledException", failure.message());
      case UNAVAILABLE, CREDENTIALS ->
          Reply.refusal(503, "ServiceUnavailable", failure.code() + ": " + failure.message());
    };
  }

  private synchronized @Nullable Page page(String token) {
    return pages.get(token);
  }

  private synchronized void keep(String token, byte[] body) {
    if (token.isEmpty() || pages.size() >= MOST_PAGES) pages.clear();
    pages.put(token, new Page(body, clock.nanoTime()));
  }

  /** Rules that changed are asked for anew by the clients that hear of it. */
  private synchronized void changed(byte[] answer) throws RuleException {
    if (JsonTree.read(answer) instanceof Map<?, ?> map
        && map.get("LastRuleModification") instanceof Double time
        && time > modified) {
      modified = time;
      pages.replaceAll((_, page) -> new Page(page.body(), page.since() - FRESH.toNanos()));
    }
  }

  /** Clients go on with what they have, and hear why their report was not taken. */
  private synchronized byte[] withoutTargets(@Nullable Object request, Failure failure) {
    var names = new ArrayList<String>();
    if (request instanceof Map<?, ?> map
        && map.get("SamplingStatisticsDocuments") instanceof List<?> documents) {
      for (var each : documents) {
        if (each instanceof Map<?, ?> document && document.get("RuleName") instanceof String name) {
          names.add(name);
        }
      }
    }
    return SamplingJson.object(out -> {
      out.writeArrayPropertyStart("SamplingTargetDocuments");
      out.writeEndArray();
      out.writeNumberProperty("LastRuleModification", modified);
      SamplingJson.unprocessed(
          out,
          names.size(),
          (i, one) -> {
            one.writeStringProperty("RuleName", names.get(i));
            one.writeStringProperty("ErrorCode", "ServiceUnavailable");
            one.writeStringProperty("Message", failure.message());
          });
    });
  }

  /** Ends all connections. */
  @Override
  public void close() {
    client.close();
  }
}
