package io.raybridge.sampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Repeating;
import io.raybridge.api.ThrottledLog;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.aws.AwsService;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings X-Ray's own rules, and this collector's share of their reservoirs for what it reports of
 * them, as the X-Ray SDKs do it: rules at once and every 300 seconds, targets every 10. When X-Ray
 * cannot be asked, what was known stays in force, for as long as it takes.
 */
public final class AwsRules {
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
  private static final Duration REPORT = Duration.ofSeconds(10);
  private static final int MOST_DOCUMENTS = 25;
  private static final int MOST_PAGES = 100;

  private final AwsClient client;
  private final Clock clock;
  private final System.Logger log;
  private final ThrottledLog problems;
  private final User user;
  private final String clientId = newClientId();
  private final Map<String, Long> nextReport = new HashMap<>();
  private final Repeating asking;
  private List<SamplingRule> known = List.of();
  private Duration retry = FIRST_RETRY;
  private long rulesDue;
  private long targetsDue;
  private double fetchedAt;

  /** Who samples by the rules. */
  public interface User {
    /** These are X-Ray's rules from now on. */
    void rules(List<SamplingRule> rules);

    /** All rules at work, of whomever they are. */
    List<RuleState> states();
  }

  /**
   * @throws IllegalArgumentException when an environment variable that names an endpoint or a proxy
   *     cannot be read; names the variable
   */
  public AwsRules(RulesConfig.AwsRulesConfig config, Context context, User user) {
    client = new AwsClient(AwsService.XRAY, config.session(), context);
    clock = context.clock();
    log = context.log();
    problems = new ThrottledLog(log, clock);
    asking = new Repeating(context.id() + " rules of X-Ray", clock, this::ask);
    this.user = user;
  }

  private static String newClientId() {
    var bytes = new byte[12];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Begins to ask. */
  public void start() {
    client.prepare();
    rulesDue = clock.nanoTime();
    targetsDue = rulesDue + REPORT.toNanos();
    asking.start(rulesDue);
  }

  /** Ends. Safe without a start, and to repeat. */
  public void stop(Deadline deadline) throws InterruptedException {
    // A call that hangs is not worth the wait: nothing is lost with it but a report.
    asking.cut(deadline);
    client.close();
  }

  private long ask() throws InterruptedException {
    if (clock.nanoTime() - rulesDue >= 0) fetchRules();
    if (clock.nanoTime() - targetsDue >= 0) {
      targetsDue = clock.nanoTime() + REPORT.toNanos();
      fetchTargets();
    }
    return rulesDue - targetsDue < 0 ? rulesDue : targetsDue;
  }

  private void fetchRules() throws InterruptedException {
    double now = clock.now().toEpochMilli() / 1000.0;
    var fetched = new ArrayList<SamplingRule>();
    try {
      String token = "";
      for (int page = 0; page < MOST_PAGES && token != null; page++) {
        String given = token;
        var answer =
            call(
                "/GetSamplingRules",
                SamplingJson.object(out -> {
                  if (!given.isEmpty()) out.writeStringProperty("NextToken", given);
                }));
        fetched.addAll(RuleReader.readAnswer(answer));
        token = token(answer);
      }
    } catch (RuleException e) {
      rulesDue = clock.nanoTime() + retry.toNanos();
      retry = retry.multipliedBy(2).compareTo(EVERY) > 0 ? EVERY : retry.multipliedBy(2);
      problems.log(
          Level.WARNING,
          "rules",
          () ->
              "GetSamplingRules failed, "
                  + (known.isEmpty() ? "default" : "the rules that are known")
                  + " applies meanwhile: "
                  + e.getMessage());
      return;
    }
    rulesDue = clock.nanoTime() + EVERY.toNanos();
    retry = FIRST_RETRY;
    fetchedAt = now;
    if (fetched.equals(known)) return;
    known = List.copyOf(fetched);
    user.rules(known);
    log.log(Level.INFO, "X-Ray has " + known.size() + " sampling rules: " + names(known));
  }

  private static String names(List<SamplingRule> rules) {
    return String.join(", ", rules.stream().map(SamplingRule::name).limit(30).toList());
  }

  private static @Nullable String token(byte[] answer) throws RuleException {
    return JsonTree.read(answer) instanceof Map<?, ?> map
            && map.get("NextToken") instanceof String token
            && !token.isEmpty()
        ? token
        : null;
  }

  private record Report(RuleState state, RuleState.Counts counts) {}

  private record BoostReport(RuleState state, RuleState.Anomalies anomalies) {}

  private void fetchTargets() throws InterruptedException {
    long now = clock.nanoTime();
    var reports = new ArrayList<Report>();
    var boosts = new ArrayList<BoostReport>();
    for (var state : user.states()) {
      // A moment of tolerance, since the pause ends when it is due and not before.
      if (!state.central() || nextReport.getOrDefault(state.rule().name(), now) - now > 0) continue;
      var counts = state.takeCounts();
      if (counts.requests() > 0) reports.add(new Report(state, counts));
      for (var anomalies : state.takeAnomalies()) boosts.add(new BoostReport(state, anomalies));
    }
    double newest = 0;
    for (int i = 0; i < reports.size() || i < boosts.size(); i += MOST_DOCUMENTS) {
      var some = part(reports, i);
      var someBoosts = part(boosts, i);
      try {
        var answer = JsonTree.read(call("/SamplingTargets", body(some, someBoosts)));
        if (!(answer instanceof Map<?, ?> map)) throw new RuleException("its answer is no object");
        newest = Math.max(newest, apply(map, states(some, someBoosts)));
      } catch (RuleException e) {
        for (var report : some) report.state().giveBack(report.counts());
        for (var boost : someBoosts) boost.state().giveBack(boost.anomalies());
        problems.log(
            Level.WARNING,
            "targets",
            () ->
                "GetSamplingTargets failed, what was to be reported goes again: " + e.getMessage());
      }
    }
    if (newest > fetchedAt) fetchRules();
  }

  private static List<RuleState> states(List<Report> reports, List<BoostReport> boosts) {
    return Stream.concat(
            reports.stream().map(Report::state), boosts.stream().map(BoostReport::state))
        .distinct()
        .toList();
  }

  private static <T> List<T> part(List<T> all, int from) {
    return all.subList(Math.min(from, all.size()), Math.min(from + MOST_DOCUMENTS, all.size()));
  }

  private byte[] body(List<Report> reports, List<BoostReport> boosts) {
    long now = clock.now().getEpochSecond();
    return SamplingJson.object(out -> {
      out.writeArrayPropertyStart("SamplingStatisticsDocuments");
      for (var report : reports) {
        out.writeStartObject();
        out.writeStringProperty("RuleName", report.state().rule().name());
        out.writeStringProperty("ClientID", clientId);
        out.writeNumberProperty("Timestamp", now);
        out.writeNumberProperty("RequestCount", report.counts().requests());
        out.writeNumberProperty("SampledCount", report.counts().sampled());
        out.writeNumberProperty("BorrowCount", report.counts().borrowed());
        out.writeEndObject();
      }
      out.writeEndArray();
      if (boosts.isEmpty()) return;
      out.writeArrayPropertyStart("SamplingBoostStatisticsDocuments");
      for (var boost : boosts) {
        out.writeStartObject();
        out.writeStringProperty("RuleName", boost.state().rule().name());
        out.writeStringProperty("ServiceName", boost.anomalies().service());
        out.writeNumberProperty("Timestamp", now);
        out.writeNumberProperty("AnomalyCount", boost.anomalies().anomalies());
        out.writeNumberProperty("TotalCount", boost.anomalies().total());
        out.writeNumberProperty("SampledAnomalyCount", boost.anomalies().sampledAnomalies());
        out.writeEndObject();
      }
      out.writeEndArray();
    });
  }

  /** Takes what X-Ray allots; returns when it last changed a rule. */
  private double apply(Map<?, ?> answer, List<RuleState> states) {
    for (var each : list(answer.get("SamplingTargetDocuments"))) {
      if (!(each instanceof Map<?, ?> target)) continue;
      for (var state : states) {
        if (state.rule().name().equals(target.get("RuleName"))) apply(target, state);
      }
    }
    for (var each : unprocessed(answer)) {
      if (!(each instanceof Map<?, ?> refused)) continue;
      problems.log(
          Level.WARNING,
          "unprocessed",
          () ->
              "X-Ray did not take the statistics of rule "
                  + refused.get("RuleName")
                  + ": "
                  + refused.get("ErrorCode")
                  + ": "
                  + refused.get("Message"));
    }
    return answer.get("LastRuleModification") instanceof Double time ? time : 0;
  }

  private static List<?> unprocessed(Map<?, ?> answer) {
    return Stream.of("UnprocessedStatistics", "UnprocessedBoostStatistics")
        .flatMap(key -> list(answer.get(key)).stream())
        .toList();
  }

  private void apply(Map<?, ?> target, RuleState state) {
    var boost = target.get("SamplingBoost") instanceof Map<?, ?> map ? map : Map.of();
    var quota = number(target, "ReservoirQuota");
    var until = number(target, "ReservoirQuotaTTL");
    var boostUntil = number(boost, "BoostRateTTL");
    state.target(
        number(target, "FixedRate"),
        quota == null ? null : quota.intValue(),
        until == null ? null : until.longValue(),
        number(boost, "BoostRate"),
        boostUntil == null ? null : boostUntil.longValue());
    var interval = number(target, "Interval");
    // In units of the ten seconds in which this looks, as the SDKs have it.
    long seconds = interval == null ? 10 : Math.clamp(interval.longValue(), 10, 3600) / 10 * 10;
    nextReport.put(
        state.rule().name(), clock.nanoTime() + Duration.ofSeconds(seconds - 1).toNanos());
  }

  private static @Nullable Double number(Map<?, ?> map, String key) {
    return map.get(key) instanceof Double number ? number : null;
  }

  private static List<?> list(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }

  private byte[] call(String path, byte[] body) throws RuleException, InterruptedException {
    var headers = new Headers().add("content-type", "application/json");
    return switch (client.post(path, headers, List.of(Slice.of(body)))) {
      case AwsReply.Done(var response) -> response.body();
      case AwsReply.Failed(var failure) ->
          throw new RuleException(failure.code() + ": " + failure.message());
    };
  }
}
