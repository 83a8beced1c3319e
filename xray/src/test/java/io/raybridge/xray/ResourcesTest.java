package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was kept of a resource gives the same documents as reading it anew. */
class ResourcesTest {
  private static final List<String> LANGUAGES = List.of("java", "python", "nodejs", "go", "");
  private static final List<String> PLATFORMS = List.of("aws_ecs", "aws_eks", "aws_lambda", "else");

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 200, Resources.MOST, Resources.MOST + 1, 3 * Resources.MOST})
  void resourcesThatTakeTurns_areNotMixedUp(int resources) {
    var random = new Random(resources);
    var any = new Otlp().indexAll();
    var longLived = new PlainDocuments(any.config, any.listener(), Otlp.CLOCK);

    for (int i = 0; i < 2 * resources + 20; i++) {
      byte[] request = span(random.nextInt(resources)).bytes();

      assertThat(longLived.of(List.of(request)))
          .isEqualTo(
              new PlainDocuments(any.config, any.listener(), Otlp.CLOCK).of(List.of(request)));
    }
    assertThat(any.dropped).isEmpty();
  }

  /** Resources of which some differ in one letter, and some share nothing. */
  private static Otlp span(int number) {
    var otlp = new Otlp().kind(Span.SpanKind.SPAN_KIND_SERVER);
    if (number % 7 != 0) otlp.service("service-" + number);
    otlp.resource("cloud.provider", "aws")
        .resource("cloud.platform", PLATFORMS.get(number % PLATFORMS.size()))
        .resource("telemetry.sdk.language", LANGUAGES.get(number % LANGUAGES.size()))
        .resource("host.id", "i-" + number);
    for (int i = 0; i < number % 5; i++) otlp.resource("a key/" + i, number);
    return otlp.exception("E", "m", "E: m\n\tat a.B.c(D.java:1)").with("a span's", number);
  }
}
