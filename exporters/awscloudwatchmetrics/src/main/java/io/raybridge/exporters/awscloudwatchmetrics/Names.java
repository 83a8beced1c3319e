package io.raybridge.exporters.awscloudwatchmetrics;

import java.util.Map;

/**
 * Makes names that CloudWatch takes: <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html">
 * MetricDatum</a> and its Dimension tell what these are.
 */
final class Names {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_VALUE = 1024;
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("s", "Seconds"),
          Map.entry("ms", "Milliseconds"),
          Map.entry("us", "Microseconds"),
          Map.entry("By", "Bytes"),
          Map.entry("kBy", "Kilobytes"),
          Map.entry("MBy", "Megabytes"),
          Map.entry("GBy", "Gigabytes"),
          Map.entry("TBy", "Terabytes"),
          Map.entry("bit", "Bits"),
          Map.entry("kbit", "Kilobits"),
          Map.entry("Mbit", "Megabits"),
          Map.entry("Gbit", "Gigabits"),
          Map.entry("Tbit", "Terabits"),
          Map.entry("%", "Percent"),
          Map.entry("By/s", "Bytes/Second"),
          Map.entry("kBy/s", "Kilobytes/Second"),
          Map.entry("MBy/s", "Megabytes/Second"),
          Map.entry("GBy/s", "Gigabytes/Second"),
          Map.entry("TBy/s", "Terabytes/Second"),
          Map.entry("bit/s", "Bits/Second"),
          Map.entry("kbit/s", "Kilobits/Second"),
          Map.entry("Mbit/s", "Megabits/Second"),
          Map.entry("Gbit/s", "Gigabits/Second"),
          Map.entry("Tbit/s", "Terabits/Second"),
          Map.entry("1/s", "Count/Second"));

  private Names() {}

  /** A namespace: other characters than CloudWatch takes become {@code _}. */
  static String namespace(String text) {
    var out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < LONGEST_NAME; i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      boolean mark = ".-_/# ".indexOf(c) >= 0 || (c == ':' && i > 0);
      out.append(plain || mark ? c : '_');
    }
    return out.isEmpty() ? "default" : out.toString();
  }

  static String metric(String text) {
    return text.isEmpty() ? "unnamed" : ascii(text, LONGEST_NAME);
  }

  static String dimensionName(String text) {
    var name = ascii(text, LONGEST_NAME);
    return name.startsWith(":") ? "_" + name.substring(1) : name;
  }

  /** A dimension's value, or empty when there is nothing to see in it. */
  static String dimensionValue(String text) {
    return text.isBlank() ? "" : ascii(text, LONGEST_VALUE);
  }

  /** CloudWatch's unit for one of UCUM; those it has none for are {@code None}. */
  static String unit(String ucum) {
    var unit = UNITS.get(ucum);
    if (unit != null) return unit;
    if (ucum.startsWith("{") && ucum.endsWith("}/s")) return "Count/Second";
    return ucum.startsWith("{") && ucum.endsWith("}") ? "Count" : "None";
  }

  private static String ascii(String text, int most) {
    int length = Math.min(text.length(), most);
    StringBuilder changed = null;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) continue;
      if (changed == null) changed = new StringBuilder(text.substring(0, length));
      changed.setCharAt(i, '_');
    }
    return changed == null ? text.substring(0, length) : changed.toString();
  }
}
