package io.raybridge.sampling;

import io.raybridge.api.FileMark;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.aws.AwsSessionConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys under {@code rules}: where sampling rules come from. */
public record RulesConfig(
    @Key(
            doc =
                "JSON files with rules: one rule as `aws xray create-sampling-rule` takes it, an"
                    + " array of them, the answer of `aws xray get-sampling-rules`, or local rules of"
                    + " an X-Ray SDK. Read again when they change.")
        List<Path> files,
    @Key(doc = "Rules in this configuration.") List<Inline> inline,
    @Key(
            doc =
                "Takes the rules of this account from X-Ray (`aws: {}`), every 300 s, and X-Ray's"
                    + " share of their reservoirs, every 10 s.")
        Optional<AwsRulesConfig> aws) {

  /** No rules. */
  public static final RulesConfig NONE = new RulesConfig(List.of(), List.of(), Optional.empty());

  public RulesConfig {
    files = List.copyOf(files);
    inline = List.copyOf(inline);
    var names = new HashSet<String>();
    for (int i = 0; i < inline.size(); i++) {
      if (!names.add(inline.get(i).name())) {
        throw new Invalid(
            "inline", "two rules named \"" + inline.get(i).name() + "\" (expected: one)");
      }
    }
    for (var file : files) {
      try {
        for (var rule : RuleReader.read(file)) {
          if (!names.add(rule.name())) {
            throw new Invalid(
                "files", file + ": another rule named \"" + rule.name() + "\" (expected: one)");
          }
        }
      } catch (RuleException e) {
        throw new Invalid("files", String.valueOf(e.getMessage()));
      }
    }
  }

  /** Keys under {@code aws}: how X-Ray is reached. */
  public record AwsRulesConfig(@io.raybridge.api.Inline AwsSessionConfig session) {}

  /** One rule in YAML. */
  public record Inline(
      @Key(doc = "The rule's name, in metrics and logs.") String name,
      @Key(
              doc = "Rules of lower numbers are asked first, those of equal ones by name.",
              min = 0,
              max = 9999)
          int priority,
      @Key(doc = "The part to sample of what the reservoir does not take, 0 to 1.")
          double fixedRate,
      @Key(
              doc = "How many requests a second to sample before the rate applies.",
              def = "0",
              min = 0,
              max = 1_000_000)
          int reservoirSize,
      @Key(doc = "`service.name`; `*` is any text, `?` one character.", def = "*")
          String serviceName,
      @Key(doc = "Such as `AWS::Lambda::Function`; from `cloud.platform`.", def = "*")
          String serviceType,
      @Key(doc = "Host of the request.", def = "*") String host,
      @Key(doc = "Method of the request.", def = "*") String httpMethod,
      @Key(doc = "Path of the request, without query.", def = "*") String urlPath,
      @Key(doc = "ARN of the ECS container or Lambda function.", def = "*") String resourceArn,
      @Key(doc = "Patterns by the attribute's name; all must match.")
          Map<String, String> attributes,
      @Key(doc = "Whether `max_traces_per_month` may lower this rule's rate.", def = "false")
          boolean elastic) {

    public Inline {
      if (name.isEmpty() || name.length() > 32) {
        throw new Invalid("name", "\"" + name + "\" (expected: 1 to 32 characters)");
      }
      if (!(fixedRate >= 0 && fixedRate <= 1)) {
        throw new Invalid("fixed_rate", fixedRate + " (expected: 0 to 1)");
      }
    }

    SamplingRule rule() {
      return new SamplingRule(
          name,
          "",
          priority,
          fixedRate,
          reservoirSize,
          serviceName,
          serviceType,
          host,
          httpMethod,
          urlPath,
          resourceArn,
          attributes,
          Optional.empty(),
          elastic,
          0,
          0);
    }
  }

  /** The rules of files and configuration as they are now. */
  public List<SamplingRule> readLocal() throws RuleException {
    var rules = new ArrayList<SamplingRule>();
    for (var rule : inline) rules.add(rule.rule());
    for (var file : files) rules.addAll(RuleReader.read(file));
    return rules;
  }

  /** Whether there are rules in files or in the configuration. */
  public boolean isLocal() {
    return !files.isEmpty() || !inline.isEmpty();
  }

  /** Others when a file changes. */
  public List<Optional<FileMark>> marks() {
    return FileMark.ofAll(files);
  }
}
