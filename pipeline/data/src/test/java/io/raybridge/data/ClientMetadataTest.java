package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMetadataTest {
  private static final ClientMetadata SHOP =
      of(Map.of("X-Tenant", List.of("shop"), "accept", List.of("a", "b"), "empty", List.of("")));

  @Test
  void names_areTheSameInAnyCase() {
    assertThat(SHOP.get("x-tenant")).containsExactly("shop");
    assertThat(SHOP.get("Accept")).containsExactly("a", "b");
    assertThat(SHOP.get("other")).isEmpty();
    assertThat(SHOP)
        .isEqualTo(
            of(
                Map.of(
                    "x-tenant",
                    List.of("shop"),
                    "accept",
                    List.of("a", "b"),
                    "empty",
                    List.of(""))));
  }

  @Test
  void values_areNotPrinted() {
    assertThat(SHOP).hasToString("[accept, empty, x-tenant]");
  }

  @Test
  void some_areTakenAlone() {
    var some = SHOP.only(List.of("x-tenant", "other"));

    assertThat(some).isEqualTo(of(Map.of("x-tenant", List.of("shop"))));
    assertThat(SHOP.only(List.of("other"))).isNull();
    assertThat(SHOP.only(List.of())).isNull();
  }

  @Test
  void emptyField_isAnotherCaseThanNone() {
    assertThat(SHOP.only(List.of("empty"))).isNotNull().isNotEqualTo(of(Map.of()));
  }

  @Test
  void bytes_areReadBack() throws Exception {
    var odd = of(Map.of("größe", List.of("ä\u0000", ""), "none", List.of()));
    for (var each : List.of(SHOP, odd, of(Map.of()))) {
      assertThat(ClientMetadata.ofBytes(each.toBytes())).isEqualTo(each);
    }
  }

  @Test
  void bytesThatAreCutOrLonger_areRefused() {
    byte[] whole = SHOP.toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ClientMetadata.ofBytes(cut))
          .isInstanceOf(MalformedBatchException.class);
    }
    assertThatThrownBy(() -> ClientMetadata.ofBytes(Arrays.copyOf(whole, whole.length + 1)))
        .isInstanceOf(MalformedBatchException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "TRACES, false",
    "TRACES, true",
    "METRICS, false",
    "METRICS, true",
    "LOGS, false",
    "LOGS, true"
  })
  void copiesAndParts_haveIt(Signal signal, boolean bytes) throws Exception {
    var batch = batch(signal, 5, bytes);
    batch.client(SHOP);

    assertThat(batch.copy().client()).isEqualTo(SHOP);
    var parts = new ArrayList<ClientMetadata>();
    switch (batch) {
      case Traces traces -> traces.split(2).forEach(part -> parts.add(part.client()));
      case Metrics metrics -> metrics.split(2).forEach(part -> parts.add(part.client()));
      case Logs logs -> logs.split(2).forEach(part -> parts.add(part.client()));
    }
    assertThat(parts).containsExactly(SHOP, SHOP, SHOP);
  }

  @Test
  void joined_haveWhatAllHave() {
    assertThat(joined(SHOP, SHOP).client()).isEqualTo(SHOP);
    assertThat(joined(SHOP, of(Map.of("x-tenant", List.of("other")))).client()).isNull();
    assertThat(joined(SHOP, null).client()).isNull();
    assertThat(joined(null, null).client()).isNull();
  }

  private static Traces joined(ClientMetadata... clients) {
    var batches = new ArrayList<Traces>();
    for (var client : clients) {
      var batch = spans(1);
      batch.client(client);
      batches.add(batch);
    }
    return Traces.join(batches);
  }

  private static Batch batch(Signal signal, int items, boolean bytes) throws Exception {
    return switch (signal) {
      case TRACES -> bytes ? Traces.ofOtlp(spans(items).toOtlp()) : spans(items);
      case METRICS -> bytes ? Metrics.ofOtlp(points(items).toOtlp()) : points(items);
      case LOGS -> bytes ? Logs.ofOtlp(records(items).toOtlp()) : records(items);
    };
  }

  private static Traces spans(int count) {
    var scope = new ScopeSpans();
    for (int i = 1; i <= count; i++) scope.spans().add(new Span().traceIdLo(i).spanId(i));
    var resource = new ResourceSpans();
    resource.scopeSpans().add(scope);
    return Traces.of(new ArrayList<>(List.of(resource)));
  }

  private static Metrics points(int count) {
    var gauge = new Gauge();
    for (int i = 0; i < count; i++) gauge.points().add(new NumberPoint().value(i));
    var scope = new ScopeMetrics();
    scope.metrics().add(new Metric().name("stock").data(gauge));
    var resource = new ResourceMetrics();
    resource.scopeMetrics().add(scope);
    return Metrics.of(new ArrayList<>(List.of(resource)));
  }

  private static Logs records(int count) {
    var scope = new ScopeLogs();
    for (int i = 0; i < count; i++) scope.logRecords().add(new LogRecord().timeUnixNano(i));
    var resource = new ResourceLogs();
    resource.scopeLogs().add(scope);
    return Logs.of(new ArrayList<>(List.of(resource)));
  }

  private static ClientMetadata of(Map<String, List<String>> fields) {
    return ClientMetadata.of(fields.keySet(), fields::get);
  }
}
