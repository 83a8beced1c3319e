package io.raybridge.processors.xraysampling;

import java.util.Arrays;

/** The services that a trace has spans of, and what their anomalies are for. */
final class Witnesses {
  /** More services of one trace in one batch are not counted. */
  private static final int MOST = 32;

  private String[] services = new String[0];
  private int[] usages = new int[0];
  private int count;
  private int all;

  void clear() {
    count = 0;
    all = 0;
  }

  int count() {
    return count;
  }

  String service(int index) {
    return services[index];
  }

  /** What the service's anomalies are for. */
  int usage(int index) {
    return usages[index];
  }

  /** What the anomalies of all services are for. */
  int all() {
    return all;
  }

  void saw(String service, int usage) {
    all |= usage;
    for (int i = 0; i < count; i++) {
      if (!services[i].equals(service)) continue;
      usages[i] |= usage;
      return;
    }
    if (count == MOST) return;
    if (count == services.length) {
      services = Arrays.copyOf(services, Math.max(2, 2 * count));
      usages = Arrays.copyOf(usages, services.length);
    }
    services[count] = service;
    usages[count++] = usage;
  }

  void merge(Witnesses other) {
    for (int i = 0; i < other.count; i++) saw(other.services[i], other.usages[i]);
  }
}
