package io.raybridge.processors.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.data.Attributes;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.ProcessorContract;
import io.raybridge.testkit.RecordingConsumer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResourceProcessorTest implements ProcessorContract<ResourceProcessorConfig> {
  private static final Attributes EXPECTED =
      new Attributes().put("name", "shop").put("env", "prod");

  @Override
  public ResourceProcessorFactory factory() {
    return new ResourceProcessorFactory();
  }

  @Override
  public String yaml() {
    return "attributes:\n"
        + "  - {key: name, from_attribute: service.name, action: insert}\n"
        + "  - {key: service.name, action: delete}\n"
        + "  - {key: env, value: prod, action: upsert}\n";
  }

  @Test
  void resourcesOfSpans_areChangedAndSpansAreNot() {
    var next = new RecordingConsumer<Traces>();
    var batch = Otlp.traces(2);
    var spans = Otlp.spans(batch);

    assertThat(factory().create(config(), context().context()).traces(next).consume(batch))
        .isEqualTo(Outcome.ACCEPTED);

    assertThat(next.only().resourceSpans().getFirst().resource().attributes()).isEqualTo(EXPECTED);
    assertThat(Otlp.spans(next.only()))
        .extracting(Span::spanId, Span::attributes)
        .containsExactlyElementsOf(
            spans.stream().map(span -> tuple(span.spanId(), span.attributes())).toList());
  }

  @Test
  void headerFieldOfTheClient_isAnAttributeOfItsResources() {
    var config =
        Binder.bind(
                ResourceProcessorConfig.class,
                "attributes: [{key: tenant, from_context: metadata.x-tenant, action: upsert}]")
            .orThrow();
    var batch = Otlp.metrics(1);
    batch.client(ClientMetadata.of(List.of("x-tenant"), _ -> List.of("acme")));
    var next = new RecordingConsumer<Metrics>();

    assertThat(factory().create(config, context().context()).metrics(next).consume(batch))
        .isEqualTo(Outcome.ACCEPTED);

    var resource = next.only().resourceMetrics().getFirst().resource();
    assertThat(resource.attributes().getString("tenant")).isEqualTo("acme");
  }

  @Test
  void resourcesOfMetrics_areChanged() {
    var next = new RecordingConsumer<Metrics>();

    assertThat(
            factory().create(config(), context().context()).metrics(next).consume(Otlp.metrics(2)))
        .isEqualTo(Outcome.ACCEPTED);

    assertThat(next.only().resourceMetrics().getFirst().resource().attributes())
        .isEqualTo(EXPECTED);
  }

  @Test
  void resourcesOfLogs_areChanged() {
    var next = new RecordingConsumer<Logs>();

    assertThat(factory().create(config(), context().context()).logs(next).consume(Otlp.logs(2)))
        .isEqualTo(Outcome.ACCEPTED);

    assertThat(next.only().resourceLogs().getFirst().resource().attributes()).isEqualTo(EXPECTED);
  }

  @Test
  void wrongAction_isRefusedWithItsPlace() {
    var problems =
        Binder.bind(ResourceProcessorConfig.class, "attributes:\n  - {key: a, action: insert}")
            .problems();

    assertThat(problems)
        .extracting(Problem::message)
        .anyMatch(
            message -> message.contains("value, from_attribute, from_context, default_value"));
    assertThat(problems.getFirst().place().line()).isEqualTo(2);
  }
}
