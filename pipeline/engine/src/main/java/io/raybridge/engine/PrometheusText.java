package io.raybridge.engine;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;

/**
 * Writes metrics in the <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">text format
 * of Prometheus</a>. By default names go out as they are, as from the Go collector; the SDK's own
 * exporter can only write counters with {@code _total}.
 */
final class PrometheusText {
  /** The media type of what is written. */
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder out = new StringBuilder(8192);
  private final Style style;

  private PrometheusText(Style style) {
    this.style = style;
  }

  /**
   * What names and labels carry.
   *
   * @param units whether names end in their unit
   * @param types whether counters end in {@code _total}
   * @param scopes whether series carry the scope's name
   */
  record Style(boolean units, boolean types, boolean scopes) {
    /** The Go collector's. */
    static final Style PLAIN = new Style(false, false, false);
  }

  /** All metrics and the resource as {@code target_info}. */
  static String of(Collection<MetricData> metrics, Resource resource, Style style) {
    var text = new PrometheusText(style);
    metrics.stream().sorted(Comparator.comparing(MetricData::getName)).forEach(text::metric);
    text.out.append("# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info");
    text.labels(resource.getAttributes(), "", "").append(" 1\n");
    return text.out.toString();
  }

  private void metric(MetricData metric) {
    if (metric.isEmpty()) return;
    boolean counter =
        switch (metric.getType()) {
          case LONG_SUM -> metric.getLongSumData().isMonotonic();
          case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic();
          default -> false;
        };
    var name = name(metric, counter);
    if (!metric.getDescription().isEmpty()) {
      out.append("# HELP ").append(name).append(' ');
      escape(metric.getDescription(), false).append('\n');
    }
    out.append("# TYPE ").append(name).append(' ').append(type(metric, counter)).append('\n');
    var scope = style.scopes() ? metric.getInstrumentationScopeInfo().getName() : "";
    for (var point : metric.getData().getPoints()) point(name, scope, point);
  }

  private static String type(MetricData metric, boolean counter) {
    return switch (metric.getType()) {
      case HISTOGRAM -> "histogram";
      default -> counter ? "counter" : "gauge";
    };
  }

  private void point(String name, String scope, PointData point) {
    switch (point) {
      case LongPointData number -> sample(name, point, scope, "").append(number.getValue());
      case DoublePointData number -> {
        sample(name, point, scope, "");
        number(number.getValue());
      }
      case HistogramPointData histogram -> histogram(name, scope, histogram);
      default -> {
        return;
      }
    }
    out.append('\n');
  }

  private void histogram(String name, String scope, HistogramPointData point) {
    long below = 0;
    for (int i = 0; i < point.getCounts().size(); i++) {
      below += point.getCounts().get(i);
      var bound = i < point.getBoundaries().size() ? text(point.getBoundaries().get(i)) : "+Inf";
      sample(name + "_bucket", point, scope, bound).append(below).append('\n');
    }
    sample(name + "_sum", point, scope, "");
    number(point.getSum()).append('\n');
    sample(name + "_count", point, scope, "").append(point.getCount());
  }

  private StringBuilder sample(String name, PointData point, String scope, String bound) {
    out.append(name);
    return labels(point.getAttributes(), scope, bound).append(' ');
  }

  private StringBuilder labels(Attributes attributes, String scope, String bound) {
    var labels = new TreeMap<String, String>();
    attributes.forEach((key, value) -> labels.put(legal(key.getKey()), value.toString()));
    if (!scope.isEmpty()) labels.put("otel_scope_name", scope);
    if (!bound.isEmpty()) labels.put("le", bound);
    if (labels.isEmpty()) return out;
    out.append('{');
    labels.forEach((key, value) -> {
      if (out.charAt(out.length() - 1) != '{') out.append(',');
      out.append(key).append("=\"");
      escape(value, true).append('"');
    });
    return out.append('}');
  }

  private String name(MetricData metric, boolean counter) {
    var name = new StringBuilder(legal(metric.getName()));
    var unit = style.units() ? unit(metric.getUnit()) : "";
    if (!unit.isEmpty() && name.indexOf(unit) < 0) name.append('_').append(unit);
    if (style.types() && counter && !name.toString().endsWith("_total")) name.append("_total");
    return name.toString();
  }

  private static String unit(String unit) {
    return switch (unit) {
      case "s" -> "seconds";
      case "ms" -> "milliseconds";
      case "By" -> "bytes";
      default -> "";
    };
  }

  private static String legal(String name) {
    return name.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  private StringBuilder number(double value) {
    return out.append(text(value));
  }

  private static String text(double value) {
    if (value == Double.POSITIVE_INFINITY) return "+Inf";
    if (value == Double.NEGATIVE_INFINITY) return "-Inf";
    long whole = (long) value;
    return whole == value ? Long.toString(whole) : Double.toString(value);
  }

  private StringBuilder escape(String text, boolean quotes) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '"' -> out.append(quotes ? "\\\"" : "\"");
        default -> out.append(c);
      }
    }
    return out;
  }
}
