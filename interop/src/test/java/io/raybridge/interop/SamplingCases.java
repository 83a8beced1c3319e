package io.raybridge.interop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sampling rules, requests, and which rule is for which request: X-Ray's specification in as few
 * lines as it takes, and what X-Ray's SDKs do otherwise.
 */
final class SamplingCases {
  private SamplingCases() {}

  /** A rule; local rules have neither service, type, ARN nor attributes. */
  record Rule(
      String name,
      int priority,
      String service,
      String serviceType,
      String host,
      String method,
      String path,
      String arn,
      Map<String, String> attributes) {
    private static Rule local(int number, String host, String method, String path) {
      return new Rule("local-" + number, number, "*", "*", host, method, path, "*", Map.of());
    }

    private static Rule central(String name, int priority, String... matchers) {
      var all = List.of(matchers);
      return new Rule(
          name,
          priority,
          all.get(0),
          all.get(1),
          all.get(2),
          all.get(3),
          all.get(4),
          "*",
          Map.of());
    }

    private Rule forContainer(String pattern) {
      return new Rule(
          name, priority, service, serviceType, host, method, path, pattern, attributes);
    }

    private Rule forAttributes(Map<String, String> patterns) {
      return new Rule(name, priority, service, serviceType, host, method, path, arn, patterns);
    }
  }

  /** A request; what it does not have is null. */
  record Request(
      @Nullable String service,
      @Nullable String serviceType,
      @Nullable String host,
      @Nullable String method,
      @Nullable String path,
      @Nullable String arn,
      @Nullable String tier) {
    Map<String, String> fields() {
      var fields = new LinkedHashMap<String, String>();
      if (service != null) fields.put("service", service);
      if (serviceType != null) fields.put("serviceType", serviceType);
      if (host != null) fields.put("host", host);
      if (method != null) fields.put("method", method);
      if (path != null) fields.put("path", path);
      return fields;
    }
  }

  /** What an SDK does otherwise than the specification has it. */
  enum Quirk {
    ABSENT_MATCHES("absent-matches"),
    NO_HOST_MATCHES("no-host-matches"),
    ATTRIBUTES_SKIPPED("attributes-skipped"),
    ARN_SKIPPED("arn-skipped"),
    PRIORITY_0_SKIPPED("priority-0-skipped");

    final String row;

    Quirk(String row) {
      this.row = row;
    }
  }

  /** The name of the rule for what no other matches. */
  static final String DEFAULT = "Default";

  /** The rule that is for a request, {@link #DEFAULT} if none is. */
  static String rule(List<Rule> rules, Request request, Set<Quirk> quirks) {
    return rules.stream()
        .sorted(Comparator.comparingInt(Rule::priority).thenComparing(Rule::name))
        .filter(rule -> !skipped(rule, quirks) && matches(rule, request, quirks))
        .map(Rule::name)
        .findFirst()
        .orElse(DEFAULT);
  }

  private static boolean skipped(Rule rule, Set<Quirk> quirks) {
    return quirks.contains(Quirk.ATTRIBUTES_SKIPPED) && !rule.attributes().isEmpty()
        || quirks.contains(Quirk.ARN_SKIPPED) && !rule.arn().equals("*")
        || quirks.contains(Quirk.PRIORITY_0_SKIPPED) && rule.priority() == 0;
  }

  private static boolean matches(Rule rule, Request request, Set<Quirk> quirks) {
    if (quirks.contains(Quirk.NO_HOST_MATCHES) && request.host() == null) return true;
    boolean absent = quirks.contains(Quirk.ABSENT_MATCHES);
    return matches(rule.service(), request.service(), absent)
        && matches(rule.serviceType(), request.serviceType(), absent)
        && matches(rule.host(), request.host(), absent)
        && matches(rule.method(), request.method(), absent)
        && matches(rule.path(), request.path(), absent)
        && matches(rule.arn(), request.arn(), false)
        && matches(rule.attributes().getOrDefault("tier", "*"), request.tier(), false);
  }

  /** The whole text, without case; what is absent is empty. */
  private static boolean matches(String pattern, @Nullable String text, boolean absentMatches) {
    if (text == null && absentMatches) return true;
    var regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
        .matcher(text == null ? "" : text)
        .matches();
  }

  /** Rules as a file of local rules has them: the first that matches decides. */
  static List<Rule> localRules() {
    String[][] all = {
      {"*.example.com", "GET", "/*h*"},
      {"shop.example.com", "POST", "/orders"},
      {"shop.example.com", "*", "/orders/?"},
      {"SHOP.*", "get", "/Orders/*/items"},
      {"?hop.example.com", "P?T", "*"},
      {"*", "DELETE", "*"},
      {"*", "*", "/static/*.png"},
      {"*", "*", "*.CSS"},
      {"*api*", "GET", "/v?/users/*"},
      {"api.example.com", "*", "/v1/*"},
      {"*", "O*", "/"},
      {"*", "*", "/a/*/b/*/c"},
      {"localhost:8080", "*", "*"},
      {"127.0.0.1", "GET", "/x*"},
      {"*", "P*", "/pay*"},
      {"stock.*", "*", "*/items"},
      {"*.internal", "?ET", "*"},
      {"*", "HEAD", "*"},
      {"a.b", "*", "*"},
      {"*", "*", "/search?"},
      {"*", "*", "**/deep/**"},
      {"*", "*", "/plus+(x).[y]$^|\\"},
      {"shop.example.com", "*", "*"},
      {"*.com", "GET", "*"},
      {"*", "POST", "*/submit"},
      {"???", "*", "*"},
      {"*", "?", "*"},
      {"*", "*", "/*/*"},
    };
    var rules = new ArrayList<Rule>();
    for (int i = 0; i < all.length; i++) {
      rules.add(Rule.local(i + 1, all[i][0], all[i][1], all[i][2]));
    }
    return rules;
  }

  /** Rules as X-Ray serves them. */
  static List<Rule> centralRules() {
    return List.of(
        Rule.central("zero", 0, "zero*", "*", "*", "*", "/health"),
        Rule.central("gold", 1, "*", "*", "*", "*", "*").forAttributes(Map.of("tier", "g*d")),
        Rule.central("container", 2, "*", "*", "*", "*", "*")
            .forContainer("arn:aws:ecs:*:container/?"),
        // By name, as the priorities are the same.
        Rule.central("b-orders", 5, "checkout", "*", "*", "*", "/orders*"),
        Rule.central("a-orders", 5, "check*", "*", "*", "GET", "/orders/*"),
        Rule.central("lambda", 6, "*", "AWS::Lambda::Function", "*", "*", "/static/*"),
        Rule.central("ec2", 7, "*", "aws::ec2::*", "*", "get", "*"),
        Rule.central("one-character", 8, "?", "*", "*", "*", "*"),
        Rule.central("upper", 9, "CART", "*", "*.EXAMPLE.com", "*", "*"),
        Rule.central("ecs", 10, "*cart*", "AWS::ECS::Container", "*", "P*", "*"),
        Rule.central("host", 11, "*", "*", "shop.example.com", "*", "/v?/*"),
        Rule.central("method", 12, "*", "*", "*", "DELETE", "*"),
        Rule.central("path", 13, "*", "*", "*", "*", "*/items"),
        Rule.central("all", 14, "*e*", "AWS::E?S::*", "*.?*", "?E*", "/*"),
        Rule.central("beanstalk", 15, "*", "*Beanstalk*", "*", "*", "*"),
        Rule.central("half", 20, "*", "*", "*api*", "*", "*"),
        Rule.central("last", 9999, "*", "*", "*", "O?TIONS", "*"));
  }

  private static final String[] HOSTS = {
    "shop.example.com",
    "SHOP.example.com",
    "chop.example.com",
    "example.com",
    "api.example.com",
    "my-API.internal",
    "db.internal",
    "stock.example.org",
    "localhost:8080",
    "127.0.0.1",
    "a.b",
    "xa.b",
    "a.bc",
    "abc"
  };
  private static final String[] METHODS = {
    "GET", "GET", "get", "POST", "PUT", "Pat", "PATCH", "DELETE", "OPTIONS", "HEAD", "BET", "X"
  };
  private static final String[] PATHS = {
    "/",
    "/health",
    "/orders",
    "/orders/7",
    "/orders/17",
    "/orders/7/items",
    "/ORDERS/x/y/ITEMS",
    "/static/a/b.png",
    "/static/.png",
    "/site.css",
    "/v1/users/1",
    "/v12/users/1",
    "/v2/users/",
    "/a/1/b/2/c",
    "/a/1/b/2/3/c",
    "/a/b/c",
    "/x",
    "/xyz",
    "/pay",
    "/payments/1",
    "/one/items",
    "/search1",
    "/search",
    "/deep/down/deep/",
    "/deep",
    "/plus+(x).[y]$^|\\",
    "/form/submit",
    "/lone"
  };
  private static final String[] SERVICES = {
    "checkout", "check", "cart", "Cart-2", "zero", "zero-two", "x", "other"
  };
  private static final String[] TYPES = {
    "AWS::EC2::Instance",
    "AWS::ECS::Container",
    "AWS::EKS::Container",
    "AWS::ElasticBeanstalk::Environment",
    "AWS::Lambda::Function"
  };

  /** As many requests, the same for the same seed. */
  static List<Request> requests(int count, long seed) {
    var random = new SplittableRandom(seed);
    var requests = new ArrayList<Request>();
    for (int i = 0; i < count; i++) {
      requests.add(
          new Request(
              some(random, SERVICES),
              some(random, TYPES),
              some(random, HOSTS),
              some(random, METHODS),
              some(random, PATHS),
              random.nextInt(20) == 0 ? "arn:aws:ecs:eu-west-1:1:container/" + i % 20 : null,
              random.nextInt(20) == 0 ? "GOLD" : null));
    }
    return requests;
  }

  /** One of them, or now and then none. */
  private static @Nullable String some(SplittableRandom random, String[] all) {
    return random.nextInt(16) == 0 ? null : all[random.nextInt(all.length)];
  }
}
