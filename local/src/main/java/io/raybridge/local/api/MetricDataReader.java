package io.raybridge.local.api;

import io.raybridge.local.store.Datum;
import io.raybridge.local.store.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks what PutMetricData brings as CloudWatch does.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">PutMetricData</a>
 */
final class MetricDataReader {
  private static final int MAX_DATA = 1000;
  private static final int MAX_DIMENSIONS = 30;
  private static final int MAX_NAME = 255;
  private static final int MAX_DIMENSION_VALUE = 1024;
  private static final int MAX_VALUES = 150;
  private static final double MAX_VALUE = 0x1p360;
  private static final Duration PAST = Duration.ofDays(14);
  private static final Duration AHEAD = Duration.ofHours(2);

  private static final Set<String> UNITS =
      Set.of(
          ("Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits"
                  + " Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second"
                  + " Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second"
                  + " Bits/Second Kilobits/Second Megabits/Second Gigabits/Second"
                  + " Terabits/Second Count/Second None")
              .split(" "));

  private final ObjectNode request;
  private final Instant now;
  private final List<Datum> data = new ArrayList<>();

  private MetricDataReader(ObjectNode request, Instant now) {
    this.request = request;
    this.now = now;
  }

  static List<Datum> read(ObjectNode request, Instant now) {
    var reader = new MetricDataReader(request, now);
    reader.read();
    return reader.data;
  }

  private void read() {
    String namespace = name(request, "Namespace", "Namespace");
    if (namespace.startsWith(":")) throw value("Namespace", "a name that does not begin with :");
    all(namespace, Json.at(request, "MetricData"), "MetricData");
    JsonNode groups = Json.at(request, "EntityMetricData");
    for (int i = 0; i < groups.size(); i++) {
      String path = "EntityMetricData[" + i + "].MetricData";
      all(namespace, Json.at(groups.get(i), "MetricData"), path);
    }
    if (data.isEmpty()) throw missing("MetricData");
  }

  private void all(String namespace, JsonNode list, String path) {
    if (data.size() + list.size() > MAX_DATA) {
      throw value("MetricData", "at most " + MAX_DATA + " data");
    }
    for (int i = 0; i < list.size(); i++) {
      JsonNode datum = list.get(i);
      if (datum == null) throw value(path, "a list");
      data.add(datum(namespace, datum, path + "[" + i + "]"));
    }
  }

  private Datum datum(String namespace, JsonNode datum, String path) {
    String name = name(datum, "MetricName", path + ".MetricName");
    String unit = Json.string(datum, "Unit");
    if (unit != null && !UNITS.contains(unit)) throw value(path + ".Unit", "a unit of CloudWatch");
    var series =
        new Series(
            namespace,
            name,
            dimensions(Json.at(datum, "Dimensions"), path + ".Dimensions"),
            unit == null ? "None" : unit);
    return new Datum(series, time(Json.at(datum, "Timestamp"), path), measured(datum, path));
  }

  private static String dimensions(JsonNode list, String path) {
    if (list.size() > MAX_DIMENSIONS) throw value(path, "at most " + MAX_DIMENSIONS);
    var sorted = new TreeMap<String, String>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode dimension = list.get(i);
      String at = path + "[" + i + "]";
      if (dimension == null) throw value(path, "a list");
      String value = Json.string(dimension, "Value");
      if (value == null) throw missing(at + ".Value");
      if (value.isEmpty() || value.length() > MAX_DIMENSION_VALUE) {
        throw value(at + ".Value", "1 to " + MAX_DIMENSION_VALUE + " characters");
      }
      sorted.put(name(dimension, "Name", at + ".Name"), value);
    }
    ObjectNode json = Json.object();
    sorted.forEach(json::put);
    return Json.text(json);
  }

  private long time(JsonNode timestamp, String path) {
    Instant at = timestamp.isMissingNode() || timestamp.isNull() ? now : instant(timestamp);
    if (at == null || at.isBefore(now.minus(PAST)) || at.isAfter(now.plus(AHEAD))) {
      throw value(path + ".Timestamp", "two weeks back to two hours ahead");
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  private static @Nullable Instant instant(JsonNode timestamp) {
    long micros = Json.micros(timestamp);
    if (micros >= 0) return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    if (!timestamp.isString()) return null;
    try {
      return Instant.parse(timestamp.stringValue());
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String measured(JsonNode datum, String path) {
    boolean value = present(datum, "Value");
    boolean statistics = present(datum, "StatisticValues");
    boolean values = present(datum, "Values");
    if (!value && !statistics && !values) {
      throw missing(path + ".Value, .StatisticValues or .Values");
    }
    if (value ? statistics || values : statistics && values) {
      throw new ApiException(
          400,
          "InvalidParameterCombinationException",
          path + ": expected one of Value, StatisticValues and Values");
    }
    ObjectNode json = Json.object();
    if (value) json.put("Value", number(Json.at(datum, "Value"), path + ".Value"));
    if (statistics) json.set("StatisticValues", statistics(datum, path + ".StatisticValues"));
    if (values) values(datum, path, json);
    return Json.text(json);
  }

  private static ObjectNode statistics(JsonNode datum, String path) {
    ObjectNode json = Json.object();
    for (String member : new String[] {"SampleCount", "Sum", "Minimum", "Maximum"}) {
      JsonNode number = Json.at(datum, "StatisticValues", member);
      if (number.isMissingNode()) throw missing(path + "." + member);
      json.put(member, number(number, path + "." + member));
    }
    return json;
  }

  private static void values(JsonNode datum, String path, ObjectNode json) {
    JsonNode values = Json.at(datum, "Values");
    JsonNode counts = Json.at(datum, "Counts");
    if (!values.isArray() || values.isEmpty() || values.size() > MAX_VALUES) {
      throw value(path + ".Values", "1 to " + MAX_VALUES + " numbers");
    }
    if (!counts.isMissingNode() && !counts.isNull() && counts.size() != values.size()) {
      throw value(path + ".Counts", "as many as Values");
    }
    var valuesOut = json.putArray("Values");
    var countsOut = json.putArray("Counts");
    for (int i = 0; i < values.size(); i++) {
      valuesOut.add(number(values.get(i), path + ".Values[" + i + "]"));
      JsonNode count = counts.get(i);
      countsOut.add(count == null ? 1 : number(count, path + ".Counts[" + i + "]"));
    }
  }

  /** A number, or the text of one: awsQuery knows only text, and JSON spells NaN so. */
  private static double number(@Nullable JsonNode node, String path) {
    double number = Double.NaN;
    if (node != null && node.isNumber()) number = node.doubleValue();
    if (node != null && node.isString()) number = parse(node.stringValue());
    if (!(Math.abs(number) <= MAX_VALUE)) throw value(path, "a number within -2^360 to 2^360");
    return number;
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static boolean present(JsonNode datum, String member) {
    JsonNode found = Json.at(datum, member);
    return !found.isMissingNode() && !found.isNull() && !(found.isArray() && found.isEmpty());
  }

  private static String name(JsonNode node, String member, String path) {
    String name = Json.string(node, member);
    if (name == null) throw missing(path);
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw value(path, "1 to " + MAX_NAME + " characters");
    }
    return name;
  }

  private static ApiException value(String path, String expected) {
    return new ApiException(400, "InvalidParameterValueException", path + ": expected " + expected);
  }

  private static ApiException missing(String path) {
    return new ApiException(
        400, "MissingRequiredParameterException", "The parameter " + path + " is required.");
  }
}
