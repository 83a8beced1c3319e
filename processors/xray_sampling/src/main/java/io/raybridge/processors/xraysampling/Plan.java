package io.raybridge.processors.xraysampling;

import io.raybridge.data.view.KeyTable;
import io.raybridge.sampling.PerSecond;
import io.raybridge.sampling.RequestPattern;
import io.raybridge.sampling.RequestView;
import io.raybridge.sampling.RuleState;
import io.raybridge.sampling.SamplingRule;
import io.raybridge.sampling.SpanKeys;
import io.raybridge.sampling.Wildcard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Everything that decisions are made by, as of one moment. Replaced when rules change. */
final class Plan {
  private static final Comparator<RuleState> ORDER =
      Comparator.comparingInt((RuleState state) -> state.rule().priority())
          .thenComparing(state -> state.rule().name());

  private final List<RuleState> rules;
  private final RequestPattern[] patterns;
  private final List<KeepRule> keeps = new ArrayList<>();
  private final List<Wildcard> droppedPaths = new ArrayList<>();
  private final boolean dropsHealthChecks;
  private final Anomalies anomalies;
  private final boolean watches;
  private final KeyTable keys;

  private Plan(XraySamplingConfig config, List<RuleState> rules, List<PerSecond> budgets) {
    this.rules = rules.stream().sorted(ORDER).toList();
    var names = new SpanKeys();
    patterns =
        this.rules.stream()
            .map(state -> new RequestPattern(state.rule(), names))
            .toArray(RequestPattern[]::new);
    for (int i = 0; i < budgets.size(); i++) {
      keeps.add(new KeepRule(config.keep().get(i), names, budgets.get(i)));
    }
    dropsHealthChecks = config.drop().contains("health_checks");
    for (var path : config.drop()) {
      if (!path.equals("health_checks")) droppedPaths.add(Wildcard.of(path));
    }
    anomalies = new Anomalies(config.adaptive(), names);
    watches = config.adaptive().isPresent() || rules.stream().anyMatch(RuleState::countsAnomalies);
    keys = names.table();
  }

  /**
   * A plan for these rules. One that was there before goes on counting where it was.
   *
   * @param central the rules of X-Ray, which come before ours of the same name
   * @param before what is in force
   */
  static Plan of(
      XraySamplingConfig config,
      List<SamplingRule> local,
      List<SamplingRule> central,
      List<RuleState> before,
      List<PerSecond> budgets) {
    var known =
        before.stream()
            .collect(Collectors.toMap(s -> s.rule().name(), Function.identity(), (a, _) -> a));
    var states = new LinkedHashMap<String, RuleState>();
    for (var rule : central) states.put(rule.name(), state(rule, true, known));
    for (var rule : local) states.computeIfAbsent(rule.name(), _ -> state(rule, false, known));
    var otherwise = config.otherwise();
    states.computeIfAbsent(
        SamplingRule.DEFAULT,
        _ ->
            state(
                SamplingRule.ofDefault(otherwise.rate(), otherwise.reservoir())
                    .elastic(otherwise.elastic()),
                false,
                known));
    return new Plan(config, List.copyOf(states.values()), budgets);
  }

  private static RuleState state(SamplingRule rule, boolean central, Map<String, RuleState> known) {
    var before = known.get(rule.name());
    return before != null && before.central() == central && before.rule().equals(rule)
        ? before
        : new RuleState(rule, central);
  }

  /** All rules in the order in which they are asked. */
  List<RuleState> rules() {
    return rules;
  }

  List<KeepRule> keeps() {
    return keeps;
  }

  Anomalies anomalies() {
    return anomalies;
  }

  /** Whether it matters which spans are anomalies. */
  boolean watches() {
    return watches;
  }

  KeyTable keys() {
    return keys;
  }

  /** The first rule that matches. The last one, as a rule, matches all. */
  RuleState match(RequestView request) {
    for (int i = 0; i < patterns.length; i++) {
      if (patterns[i].matches(request)) return rules.get(i);
    }
    return rules.getLast();
  }

  boolean drops(RequestView request) {
    if (dropsHealthChecks && request.isHealthCheck()) return true;
    for (int i = 0; i < droppedPaths.size(); i++) {
      if (request.pathMatches(droppedPaths.get(i))) return true;
    }
    return false;
  }

  /** The entries of {@code keep} that a span fulfils, a bit for each. */
  int keeps(RequestView request, boolean localRoot) {
    int bits = 0;
    for (int i = 0; i < keeps.size(); i++) {
      if (keeps.get(i).matches(request, localRoot)) bits |= 1 << i;
    }
    return bits;
  }
}
