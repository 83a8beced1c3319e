package io.raybridge.sampling;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Serves rules of our own to SDKs as X-Ray serves its, and divides each rule's reservoir among the
 * clients that report requests: a fifth equally, the rest by what they have to decide. The quotas
 * in force never add up to more than the reservoir.
 */
public final class SamplingDesk implements SamplingService {
  /** A client that reports goes on reporting every 10 seconds; three missed ones free its quota. */
  private static final int QUOTA_SECONDS = 30;

  private static final int INTERVAL_SECONDS = 10;
  private static final double EQUAL_PART = 0.2;
  private static final int MOST_CLIENTS = 10_000;

  private final InstantSource clock;
  private final Map<String, Shares> shares = new HashMap<>();
  private List<SamplingRule> rules = List.of();
  private double modified;

  public SamplingDesk(List<SamplingRule> rules, InstantSource clock) {
    this.clock = clock;
    rules(rules);
  }

  /** Serves these rules from now on. Clients learn it with their next report. */
  public synchronized void rules(List<SamplingRule> changed) {
    var all = new ArrayList<>(changed);
    if (all.stream().noneMatch(SamplingRule::isDefault)) all.add(SamplingRule.ofDefault(0.05, 1));
    all.sort(Comparator.comparingInt(SamplingRule::priority).thenComparing(SamplingRule::name));
    rules = List.copyOf(all);
    shares.clear();
    for (var rule : rules) shares.put(rule.name(), new Shares(rule));
    modified = clock.instant().toEpochMilli() / 1000.0;
  }

  @Override
  public synchronized Reply answer(String path, byte[] body) {
    if (path.equals(RULES)) return Reply.of(SamplingJson.rules(rules));
    try {
      return targets(body);
    } catch (RuleException e) {
      return Reply.refusal(400, "InvalidRequestException", String.valueOf(e.getMessage()));
    }
  }

  private record Refused(String rule, String code, String message) {}

  private record Target(SamplingRule rule, int quota) {}

  private Reply targets(byte[] body) throws RuleException {
    if (!(JsonTree.read(body) instanceof Map<?, ?> request)
        || !(request.get("SamplingStatisticsDocuments") instanceof List<?> documents)) {
      throw new RuleException("SamplingStatisticsDocuments: is missing (expected: an array)");
    }
    if (documents.size() > 100) {
      throw new RuleException(
          "SamplingStatisticsDocuments: "
              + documents.size()
              + " documents (expected: at most 25, as X-Ray takes)");
    }
    long now = clock.instant().getEpochSecond();
    var targets = new ArrayList<Target>();
    var refused = new ArrayList<Refused>();
    for (var each : documents) {
      if (!(each instanceof Map<?, ?> document)) continue;
      var name = document.get("RuleName") instanceof String text ? text : "";
      var client = document.get("ClientID") instanceof String text ? text : "";
      var count = document.get("RequestCount") instanceof Double number ? number : -1;
      var share = shares.get(name);
      if (share == null) {
        refused.add(new Refused(name, "RuleDoesNotExist", "there is no rule of this name"));
      } else if (!client.matches("[0-9a-fA-F]{24}")) {
        refused.add(new Refused(name, "InvalidClientId", "ClientID is not 24 hexadecimal digits"));
      } else if (count < 0) {
        refused.add(new Refused(name, "InvalidStatistics", "RequestCount is no count"));
      } else {
        targets.add(new Target(share.rule, share.quota(client, count, now)));
      }
    }
    return Reply.of(answer(targets, refused, now));
  }

  private byte[] answer(List<Target> targets, List<Refused> refused, long now) {
    return SamplingJson.object(out -> {
      out.writeArrayPropertyStart("SamplingTargetDocuments");
      for (var target : targets) {
        out.writeStartObject();
        out.writeStringProperty("RuleName", target.rule().name());
        out.writeNumberProperty("FixedRate", target.rule().fixedRate());
        out.writeNumberProperty("ReservoirQuota", target.quota());
        out.writeNumberProperty("ReservoirQuotaTTL", now + QUOTA_SECONDS);
        out.writeNumberProperty("Interval", INTERVAL_SECONDS);
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeNumberProperty("LastRuleModification", modified);
      SamplingJson.unprocessed(
          out,
          refused.size(),
          (i, one) -> {
            var each = refused.get(i);
            one.writeStringProperty("RuleName", each.rule());
            one.writeStringProperty("ErrorCode", each.code());
            one.writeStringProperty("Message", each.message());
          });
    });
  }

  /** The reservoir of one rule and who has what of it. */
  private static final class Shares {
    private final SamplingRule rule;
    private final Map<String, Client> clients = new TreeMap<>();

    Shares(SamplingRule rule) {
      this.rule = rule;
    }

    private static final class Client {
      double demand;
      int quota;
      long until;
    }

    /** What a client gets: its share, as far as the others leave it. */
    int quota(String id, double demand, long now) {
      clients.values().removeIf(other -> other.until < now);
      if (clients.size() >= MOST_CLIENTS && !clients.containsKey(id)) return 0;
      var client = clients.computeIfAbsent(id, _ -> new Client());
      client.demand = demand;
      client.until = now + QUOTA_SECONDS;
      client.quota = 0;
      int given = 0;
      for (var other : clients.values()) given += other.quota;
      client.quota = Math.min(share(client), rule.reservoirSize() - given);
      return client.quota;
    }

    /** Whole numbers by the largest remainders, so that all shares together are the reservoir. */
    private int share(Client wanted) {
      double total = 0;
      for (var client : clients.values()) total += client.demand;
      var remainders = new ArrayList<Map.Entry<Double, Client>>();
      int left = rule.reservoirSize();
      int share = 0;
      for (var client : clients.values()) {
        double equal = 1.0 / clients.size();
        double byDemand = total == 0 ? equal : client.demand / total;
        double exact = rule.reservoirSize() * (EQUAL_PART * equal + (1 - EQUAL_PART) * byDemand);
        int whole = (int) exact;
        left -= whole;
        if (client == wanted) share = whole;
        remainders.add(Map.entry(exact - whole, client));
      }
      remainders.sort(Map.Entry.<Double, Client>comparingByKey().reversed());
      for (int i = 0; i < left && i < remainders.size(); i++) {
        if (remainders.get(i).getValue() == wanted) share++;
      }
      return share;
    }
  }

  /** The rules that are served, in their order. */
  public synchronized List<SamplingRule> served() {
    return rules;
  }
}
