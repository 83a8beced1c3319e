package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Samples;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Statistics;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Total;
import io.raybridge.exporters.awscloudwatchmetrics.Dimensions.Dimension;
import io.raybridge.exporters.awscloudwatchmetrics.MetricPayload.Datum;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html">
 * MetricDatum</a> as JSON; more than 150 different values take several.
 */
final class DatumWriter {
  private static final int MOST_VALUES = 150;
  private final StringBuilder out = new StringBuilder(512);

  /** What a datum is called. */
  record Label(String metric, String unit, List<Dimension> dimensions, long epochSecond) {}

  void write(Label label, Aggregate aggregate, int items, List<Datum> into) {
    switch (aggregate) {
      case Total total -> {
        begin(label);
        member("Value", total.value);
        end(items, into);
      }
      case Statistics set -> {
        begin(label);
        out.append(",\"StatisticValues\":{\"SampleCount\":");
        number(set.count);
        member("Sum", set.sum);
        member("Minimum", set.min);
        member("Maximum", set.max);
        out.append('}');
        end(items, into);
      }
      case Samples samples -> write(label, samples, items, into);
    }
  }

  private void write(Label label, Samples samples, int items, List<Datum> into) {
    var values = samples.counts.entrySet().stream().toList();
    for (int from = 0; from < values.size(); from += MOST_VALUES) {
      var part = values.subList(from, Math.min(values.size(), from + MOST_VALUES));
      begin(label);
      if (part.size() == 1 && part.getFirst().getValue() == 1) {
        member("Value", part.getFirst().getKey());
      } else {
        out.append(",\"Values\":[");
        for (int i = 0; i < part.size(); i++) listed(i, part.get(i).getKey());
        out.append("],\"Counts\":[");
        for (int i = 0; i < part.size(); i++) listed(i, part.get(i).getValue());
        out.append(']');
      }
      end(from == 0 ? items : 0, into);
    }
  }

  private void begin(Label label) {
    out.setLength(0);
    out.append("{\"MetricName\":");
    text(label.metric());
    if (!label.dimensions().isEmpty()) {
      out.append(",\"Dimensions\":[");
      for (int i = 0; i < label.dimensions().size(); i++) {
        out.append(i == 0 ? "{\"Name\":" : ",{\"Name\":");
        text(label.dimensions().get(i).name());
        out.append(",\"Value\":");
        text(label.dimensions().get(i).value());
        out.append('}');
      }
      out.append(']');
    }
    out.append(",\"Timestamp\":").append(label.epochSecond());
    if (!label.unit().equals("None")) {
      out.append(",\"Unit\":");
      text(label.unit());
    }
  }

  private void end(int items, List<Datum> into) {
    out.append('}');
    into.add(new Datum(out.toString().getBytes(StandardCharsets.US_ASCII), items));
  }

  private void member(String name, double value) {
    out.append(",\"").append(name).append("\":");
    number(value);
  }

  private void listed(int index, double value) {
    if (index > 0) out.append(',');
    number(value);
  }

  private void number(double value) {
    long whole = (long) value;
    if (whole == value && Math.abs(whole) < 1L << 53) out.append(whole);
    else out.append(value);
  }

  /** All text here is printable ASCII: {@link Names} sees to it. */
  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') out.append('\\');
      out.append(c);
    }
    out.append('"');
  }
}
