package io.raybridge.sampling;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the bodies of GetSamplingRules and GetSamplingTargets, requests and answers. */
final class SamplingJson {
  private static final JsonFactory JSON = new JsonFactory();

  private SamplingJson() {}

  /** Writes the fields of an object. */
  interface Fields {
    void writeTo(JsonGenerator out);
  }

  static byte[] object(Fields fields) {
    var text = new StringWriter();
    try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      fields.writeTo(out);
      out.writeEndObject();
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the fields of one of several objects. */
  interface Each {
    void writeTo(int index, JsonGenerator out);
  }

  /** What of a report was not taken; both lists must be there. */
  static void unprocessed(JsonGenerator out, int count, Each each) {
    out.writeArrayPropertyStart("UnprocessedStatistics");
    for (int i = 0; i < count; i++) {
      out.writeStartObject();
      each.writeTo(i, out);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayPropertyStart("UnprocessedBoostStatistics");
    out.writeEndArray();
  }

  /** The answer of GetSamplingRules. Clients fail without {@code Attributes}, even empty ones. */
  static byte[] rules(List<SamplingRule> rules) {
    return object(out -> {
      out.writeArrayPropertyStart("SamplingRuleRecords");
      for (var rule : rules) {
        out.writeStartObject();
        out.writeObjectPropertyStart("SamplingRule");
        rule(out, rule);
        out.writeEndObject();
        out.writeNumberProperty("CreatedAt", rule.createdAt());
        out.writeNumberProperty("ModifiedAt", rule.modifiedAt());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeNullProperty("NextToken");
    });
  }

  private static void rule(JsonGenerator out, SamplingRule rule) {
    out.writeStringProperty("RuleName", rule.name());
    if (!rule.arn().isEmpty()) out.writeStringProperty("RuleARN", rule.arn());
    out.writeStringProperty("ResourceARN", rule.resourceArn());
    out.writeNumberProperty("Priority", rule.priority());
    out.writeNumberProperty("FixedRate", rule.fixedRate());
    out.writeNumberProperty("ReservoirSize", rule.reservoirSize());
    out.writeStringProperty("ServiceName", rule.serviceName());
    out.writeStringProperty("ServiceType", rule.serviceType());
    out.writeStringProperty("Host", rule.host());
    out.writeStringProperty("HTTPMethod", rule.httpMethod());
    out.writeStringProperty("URLPath", rule.urlPath());
    out.writeNumberProperty("Version", 1);
    out.writeObjectPropertyStart("Attributes");
    rule.attributes().forEach(out::writeStringProperty);
    out.writeEndObject();
    if (rule.boost().isPresent()) {
      out.writeObjectPropertyStart("SamplingRateBoost");
      out.writeNumberProperty("MaxRate", rule.boost().get().maxRate());
      out.writeNumberProperty("CooldownWindowMinutes", rule.boost().get().cooldownWindowMinutes());
      if (rule.boost().get().disableDefaultAnomalyDetection()) {
        out.writeBooleanProperty("DisableDefaultAnomalyDetection", true);
      }
      out.writeEndObject();
    }
  }
}
