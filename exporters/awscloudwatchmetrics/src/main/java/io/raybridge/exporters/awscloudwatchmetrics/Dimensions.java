package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.data.Attributes;
import io.raybridge.data.Value;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Chooses the dimensions of a data point, in the order of their names. */
final class Dimensions {
  private final List<String> chosen;
  private long cut;

  /**
   * @param chosen the attributes to take, or empty for all of the data point
   */
  Dimensions(List<String> chosen) {
    this.chosen = chosen;
  }

  /** A name and a value that CloudWatch takes. */
  record Dimension(String name, String value) {}

  List<Dimension> of(Attributes point, Attributes resource) {
    var all = new TreeMap<String, String>();
    if (chosen.isEmpty()) {
      for (int i = 0; i < point.size(); i++) put(all, point.keyAt(i), point.valueAt(i));
    } else {
      for (var name : chosen) {
        var value = point.get(name);
        if (value == null) value = resource.get(name);
        if (value != null) put(all, name, value);
      }
    }
    while (all.size() > AwsCloudWatchMetricsExporterConfig.MOST_DIMENSIONS) {
      all.pollLastEntry();
      cut++;
    }
    var list = new ArrayList<Dimension>(all.size());
    all.forEach((name, value) -> list.add(new Dimension(name, value)));
    return list;
  }

  /** How many dimensions were cut off since this was last asked. */
  long takeCut() {
    long taken = cut;
    cut = 0;
    return taken;
  }

  private static void put(Map<String, String> into, String name, Value value) {
    var text = Names.dimensionValue(text(value));
    if (!name.isEmpty() && !text.isEmpty()) into.putIfAbsent(Names.dimensionName(name), text);
  }

  private static String text(Value value) {
    return switch (value.known()) {
      case Value.Str(var text) -> text;
      case Value.Int(var number) -> Long.toString(number);
      case Value.Dbl(var number) -> Double.toString(number);
      case Value.Bool(var truth) -> Boolean.toString(truth);
      case Value.Bytes bytes -> Base64.getEncoder().encodeToString(bytes.value());
      case Value.Arr list -> list.values().stream().map(Dimensions::text).toList().toString();
      case Value.Kvs map -> map.entries().toString();
      case Value.Empty _, Value.Other _ -> "";
    };
  }
}
