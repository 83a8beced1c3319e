package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.data.Attributes;
import io.raybridge.data.Metric;
import io.raybridge.exporters.awscloudwatchmetrics.Dimensions.Dimension;
import java.util.List;
import java.util.TreeMap;

/** Which series a data point belongs to: to its sender, and to CloudWatch. */
final class Series {
  private final String namespace;
  private final Attributes resource;
  private final String resourceText;
  private final Dimensions dimensions;
  private String metricName = "";
  private String unit = "";
  private String metricText = "";
  private Attributes attributes = new Attributes();
  private List<Dimension> pointDimensions = List.of();

  Series(String namespace, Attributes resource, Dimensions dimensions) {
    this.namespace = namespace;
    this.resource = resource;
    this.resourceText = sorted(resource);
    this.dimensions = dimensions;
  }

  void metric(String scope, Metric metric) {
    metricName = Names.metric(metric.name());
    unit = Names.unit(metric.unit());
    var kind = metric.data() == null ? "" : metric.data().getClass().getSimpleName();
    metricText = scope + '\0' + metric.name() + '\0' + metric.unit() + '\0' + kind;
  }

  void point(Attributes of) {
    attributes = of;
    pointDimensions = dimensions.of(of, resource);
  }

  String namespace() {
    return namespace;
  }

  /** Tells apart what was counted apart: two processes' counters, whatever CloudWatch sees. */
  String identity() {
    return resourceText + '\0' + metricText + '\0' + sorted(attributes);
  }

  DatumWriter.Label label(long epochSecond) {
    return new DatumWriter.Label(metricName, unit, pointDimensions, epochSecond);
  }

  private static String sorted(Attributes attributes) {
    var all = new TreeMap<String, String>();
    attributes.forEach((key, value) -> all.put(key, value.toString()));
    return all.toString();
  }
}
