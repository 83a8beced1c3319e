package io.raybridge.engine;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;

/** The OpenTelemetry SDK, read when somebody looks. */
final class OwnMetricsReader implements AutoCloseable {
  private final Pull pull = new Pull();
  private final Resource resource;
  private final SdkMeterProvider provider;

  /**
   * @param resource what the collector says of itself, such as {@code service.name}
   */
  OwnMetricsReader(Map<String, String> resource) {
    var attributes = Attributes.builder();
    resource.forEach((key, value) -> attributes.put(AttributeKey.stringKey(key), value));
    this.resource = Resource.create(attributes.build());
    this.provider =
        SdkMeterProvider.builder().setResource(this.resource).registerMetricReader(pull).build();
  }

  /** Where instruments are made. */
  Meter meter() {
    return provider.get("io.raybridge");
  }

  /** All metrics as they are now. */
  String text(PrometheusText.Style style) {
    return PrometheusText.of(pull.registration.collectAllMetrics(), resource, style);
  }

  @Override
  public void close() {
    provider.close();
  }

  private static final class Pull implements MetricReader {
    private volatile CollectionRegistration registration = CollectionRegistration.noop();

    @Override
    public void register(CollectionRegistration registration) {
      this.registration = registration;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
