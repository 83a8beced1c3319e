package io.raybridge.data;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes everything that can be changed below a batch, found by reflection so that a field added
 * later is found too.
 */
final class Vandal {
  private Vandal() {}

  static void wreck(Batch batch) throws IllegalAccessException {
    switch (batch) {
      case Traces traces -> wreckAll(traces.resourceSpans());
      case Metrics metrics -> wreckAll(metrics.resourceMetrics());
      case Logs logs -> wreckAll(logs.resourceLogs());
    }
  }

  private static void wreckAll(List<?> list) throws IllegalAccessException {
    for (var each : new ArrayList<>(list)) wreckObject(each);
    try {
      list.clear();
    } catch (UnsupportedOperationException e) {
      // a list that nobody can change needs no copy
    }
  }

  private static void wreckObject(Object object) throws IllegalAccessException {
    switch (object) {
      case Attributes attributes -> wreckAttributes(attributes);
      case Value value -> wreckValue(value);
      case UnknownFields fields -> java.util.Arrays.fill(fields.bytes(), (byte) 0xff);
      case List<?> list -> wreckAll(list);
      case long[] numbers -> java.util.Arrays.fill(numbers, -1);
      case double[] numbers -> java.util.Arrays.fill(numbers, -1);
      case String _, Number _, Boolean _ -> {}
      default -> wreckFields(object);
    }
  }

  private static void wreckFields(Object object) throws IllegalAccessException {
    for (var field : object.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) continue;
      field.setAccessible(true);
      var value = field.get(object);
      if (value == null) continue;
      wreckObject(value);
      if (Modifier.isFinal(field.getModifiers())) continue;
      switch (value) {
        case Long _ -> field.setLong(object, -1);
        case Integer _ -> field.setInt(object, -1);
        case Byte _ -> field.setByte(object, (byte) 0);
        case Boolean b -> field.setBoolean(object, !b);
        case Double _ -> field.setDouble(object, -1);
        case String _ -> field.set(object, "wrecked");
        default -> {}
      }
    }
  }

  private static void wreckAttributes(Attributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      wreckValue(attributes.valueAt(i));
      attributes.setValueAt(i, Value.of("wrecked"));
      var unknown = attributes.unknownAt(i);
      if (unknown != null) java.util.Arrays.fill(unknown.bytes(), (byte) 0xff);
    }
    if (attributes.unknown != null) {
      java.util.Arrays.fill(attributes.unknown.bytes(), (byte) 0xff);
    }
    attributes.clear();
    attributes.put("wrecked", true);
  }

  private static void wreckValue(Value value) {
    switch (value) {
      case Value.Bytes bytes -> java.util.Arrays.fill(bytes.value(), (byte) 0xff);
      case Value.Arr list -> list.values().forEach(Vandal::wreckValue);
      case Value.Kvs map -> wreckAttributes(map.entries());
      case Value.Other other -> wreckValue(other.known());
      default -> {}
    }
  }
}
