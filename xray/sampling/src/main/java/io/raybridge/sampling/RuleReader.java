package io.raybridge.sampling;

import io.raybridge.api.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads sampling rules in every form that they are kept in:
 *
 * <ul>
 *   <li>one rule, as {@code aws xray create-sampling-rule --sampling-rule} takes it;
 *   <li>an array of them;
 *   <li>the answer of {@code aws xray get-sampling-rules}, or one record of it;
 *   <li>the local rules of the X-Ray SDKs, version 1 and 2.
 * </ul>
 */
public final class RuleReader {
  private static final int MOST_RULES = 1000;
  private static final int MOST_ATTRIBUTES = 5;
  private static final Set<String> KEYS =
      Set.of(
          "RuleName",
          "RuleARN",
          "ResourceARN",
          "Priority",
          "FixedRate",
          "ReservoirSize",
          "ServiceName",
          "ServiceType",
          "Host",
          "HTTPMethod",
          "URLPath",
          "Version",
          "Attributes",
          "SamplingRateBoost",
          "Elastic");
  private static final Set<String> LOCAL_KEYS =
      Set.of(
          "description", "host", "service_name", "http_method", "url_path", "fixed_target", "rate");

  private final List<SamplingRule> rules = new ArrayList<>();

  private RuleReader() {}

  /** Reads a file; what is wrong is said with its name. */
  public static List<SamplingRule> read(Path file) throws RuleException {
    byte[] text;
    try {
      if (Files.size(file) > 1 << 20) throw new RuleException(file + " is larger than 1 MiB");
      text = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new RuleException(file + " cannot be read: " + FileFault.of(e));
    }
    try {
      return read(text);
    } catch (RuleException e) {
      throw new RuleException(file + ": " + e.getMessage());
    }
  }

  /** Reads JSON. */
  public static List<SamplingRule> read(byte[] json) throws RuleException {
    var reader = new RuleReader();
    reader.document(JsonTree.read(json));
    if (reader.rules.size() > MOST_RULES) {
      throw new RuleException(
          reader.rules.size() + " rules (expected: at most " + MOST_RULES + ")");
    }
    var names = new HashSet<String>();
    for (var rule : reader.rules) {
      if (!names.add(rule.name())) {
        throw new RuleException("two rules named \"" + rule.name() + "\" (expected: one)");
      }
    }
    return List.copyOf(reader.rules);
  }

  /** What is in an answer of GetSamplingRules, of which a later X-Ray may know more than we do. */
  public static List<SamplingRule> readAnswer(byte[] json) throws RuleException {
    if (!(JsonTree.read(json) instanceof Map<?, ?> map)
        || !(map.get("SamplingRuleRecords") instanceof List<?> records)) {
      throw new RuleException(
          "has no SamplingRuleRecords (expected: what GetSamplingRules answers)");
    }
    var reader = new RuleReader();
    reader.records(records);
    return List.copyOf(reader.rules);
  }

  private void document(@Nullable Object json) throws RuleException {
    if (json instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) entry(map(list.get(i), "[" + i + "]"), "[" + i + "]");
      return;
    }
    var map = map(json, "");
    if (map.get("SamplingRuleRecords") instanceof List<?> records) records(records);
    else if (map.containsKey("version")) local(map);
    else entry(map, "");
  }

  private void entry(Map<?, ?> map, String path) throws RuleException {
    if (map.get("SamplingRuleRecord") instanceof Map<?, ?> record) {
      record(record, path + ".SamplingRuleRecord");
    } else if (map.containsKey("SamplingRule")) {
      record(map, path);
    } else {
      rules.add(rule(new Fields(map, path, KEYS), 0, 0));
    }
  }

  private void records(List<?> records) throws RuleException {
    for (int i = 0; i < records.size(); i++) {
      var path = "SamplingRuleRecords[" + i + "]";
      record(map(records.get(i), path), path);
    }
  }

  private void record(Map<?, ?> record, String path) throws RuleException {
    var inner = path.isEmpty() ? "SamplingRule" : path + ".SamplingRule";
    var times = new Fields(record, path, Set.of());
    rules.add(
        rule(
            new Fields(map(record.get("SamplingRule"), inner), inner, Set.of()),
            times.time("CreatedAt"),
            times.time("ModifiedAt")));
  }

  private static SamplingRule rule(Fields in, double createdAt, double modifiedAt)
      throws RuleException {
    if (in.has("Version") && in.number("Version", 1, 1, 1e9, true) != 1) {
      throw in.wrong("Version", "1");
    }
    var name = in.text("RuleName", null, 32);
    if (name.isEmpty()) throw in.wrong("RuleName", "1 to 32 characters");
    boolean isDefault = name.equals(SamplingRule.DEFAULT);
    return new SamplingRule(
        name,
        in.text("RuleARN", "", 500),
        (int)
            in.number(
                "Priority",
                isDefault ? SamplingRule.DEFAULT_PRIORITY : null,
                0,
                isDefault ? SamplingRule.DEFAULT_PRIORITY : 9999,
                true),
        in.number("FixedRate", null, 0, 1, false),
        (int) in.number("ReservoirSize", null, 0, Integer.MAX_VALUE, true),
        in.text("ServiceName", "*", 64),
        in.text("ServiceType", "*", 64),
        in.text("Host", "*", 64),
        in.text("HTTPMethod", "*", 10),
        in.text("URLPath", "*", 128),
        in.text("ResourceARN", "*", 500),
        in.texts("Attributes"),
        in.boost(),
        in.flag("Elastic"),
        createdAt,
        modifiedAt);
  }

  /** A file of the X-Ray SDKs: its rules in their order, the default rule behind them. */
  private void local(Map<?, ?> file) throws RuleException {
    var in = new Fields(file, "", Set.of("version", "rules", "default"));
    int version = (int) in.number("version", null, 1, 2, true);
    if (file.get("rules") instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        var path = "rules[" + i + "]";
        var fields = new Fields(map(list.get(i), path), path, LOCAL_KEYS);
        rules.add(localRule(fields, i + 1, version == 1 ? "service_name" : "host"));
      }
    } else if (file.get("rules") != null) {
      throw in.wrong("rules", "an array");
    }
    var fields = new Fields(map(file.get("default"), "default"), "default", LOCAL_KEYS);
    rules.add(
        SamplingRule.ofDefault(
            fields.number("rate", null, 0, 1, false),
            (int) fields.number("fixed_target", null, 0, Integer.MAX_VALUE, true)));
  }

  private static SamplingRule localRule(Fields in, int place, String host) throws RuleException {
    var described = in.text("description", "", 10_000);
    var any =
        SamplingRule.any(
            "local-" + place + (described.isEmpty() ? "" : " " + described),
            place,
            in.number("rate", null, 0, 1, false),
            (int) in.number("fixed_target", null, 0, Integer.MAX_VALUE, true));
    return new SamplingRule(
        any.name().substring(0, Math.min(32, any.name().length())),
        "",
        any.priority(),
        any.fixedRate(),
        any.reservoirSize(),
        "*",
        "*",
        in.text(host, null, 1000),
        in.text("http_method", null, 1000),
        in.text("url_path", null, 10_000),
        "*",
        Map.of(),
        Optional.empty(),
        false,
        0,
        0);
  }

  private static Map<?, ?> map(@Nullable Object json, String path) throws RuleException {
    if (json instanceof Map<?, ?> map) return map;
    throw new RuleException(
        (path.isEmpty() ? "" : path + ": ")
            + (json == null ? "is missing" : "is " + what(json))
            + " (expected: an object)");
  }

  private static String what(Object json) {
    return switch (json) {
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "an array";
      case String text -> "\"" + (text.length() > 80 ? text.substring(0, 80) + "..." : text) + "\"";
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          Long.toString(number.longValue());
      default -> json.toString();
    };
  }

  /** The fields of one object. */
  private static final class Fields {
    private final Map<?, ?> map;
    private final String path;

    /**
     * @param keys all that may be in it; none when there may be others
     */
    Fields(Map<?, ?> map, String path, Set<String> keys) throws RuleException {
      this.map = map;
      this.path = path.isEmpty() ? "" : path + ".";
      for (var key : keys.isEmpty() ? Set.of() : map.keySet()) {
        if (!keys.contains(key)) {
          throw new RuleException(
              this.path
                  + key
                  + ": unknown field (expected: "
                  + String.join(", ", sorted(keys))
                  + ")");
        }
      }
    }

    private static List<String> sorted(Set<String> keys) {
      return keys.stream().sorted().toList();
    }

    boolean has(String key) {
      return map.get(key) != null;
    }

    RuleException wrong(String key, String expected) {
      var value = map.get(key);
      return new RuleException(
          path
              + key
              + ": "
              + (value == null ? "is missing" : what(value))
              + " (expected: "
              + expected
              + ")");
    }

    String text(String key, @Nullable String otherwise, int most) throws RuleException {
      var value = map.get(key);
      if (value == null && otherwise != null) return otherwise;
      if (value instanceof String text && text.length() <= most) return text;
      throw wrong(key, "text of at most " + most + " characters");
    }

    double number(String key, @Nullable Number otherwise, double min, double max, boolean whole)
        throws RuleException {
      var value = map.get(key);
      if (value == null && otherwise != null) return otherwise.doubleValue();
      if (value instanceof Double number
          && number >= min
          && number <= max
          && (!whole || number == Math.rint(number))) {
        return number;
      }
      throw wrong(
          key,
          (whole ? "a whole number from " : "a number from ") + what(min) + " to " + what(max));
    }

    boolean flag(String key) throws RuleException {
      var value = map.get(key);
      if (value == null) return false;
      if (value instanceof Boolean flag) return flag;
      throw wrong(key, "true or false");
    }

    /** Seconds since 1970, or what people's tools make of them; of no weight where unreadable. */
    double time(String key) {
      return map.get(key) instanceof Double seconds ? seconds : 0;
    }

    Map<String, String> texts(String key) throws RuleException {
      var value = map.get(key);
      if (value == null) return Map.of();
      if (!(value instanceof Map<?, ?> all)) throw wrong(key, "an object of texts");
      if (all.size() > MOST_ATTRIBUTES) {
        throw new RuleException(
            path
                + key
                + ": "
                + all.size()
                + " entries (expected: at most "
                + MOST_ATTRIBUTES
                + ")");
      }
      var texts = new java.util.LinkedHashMap<String, String>();
      for (var entry : all.entrySet()) {
        if (!(entry.getValue() instanceof String text)) {
          throw new RuleException(path + key + "." + entry.getKey() + " (expected: text)");
        }
        texts.put(String.valueOf(entry.getKey()), text);
      }
      return texts;
    }

    Optional<SamplingRule.Boost> boost() throws RuleException {
      var value = map.get("SamplingRateBoost");
      if (value == null) return Optional.empty();
      var inner = path + "SamplingRateBoost";
      var in = new Fields(map(value, inner), inner, Set.of());
      return Optional.of(
          new SamplingRule.Boost(
              in.number("MaxRate", null, 0, 1, false),
              (int) in.number("CooldownWindowMinutes", null, 0, 1e6, true),
              in.flag("DisableDefaultAnomalyDetection")));
    }
  }
}
