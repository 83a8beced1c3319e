package io.raybridge.xray.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which inputs have to do with which fields, looked up from either side. */
final class Relation {
  private final List<Map<String, Set<Integer>>> inputs = new ArrayList<>();
  private final Map<Integer, Set<String>> places = new HashMap<>();

  Relation(int documents) {
    for (int i = 0; i < documents; i++) inputs.add(new HashMap<>());
  }

  void put(int document, String path, int input) {
    inputs.get(document).computeIfAbsent(path, _ -> new TreeSet<>()).add(input);
    places.computeIfAbsent(input, _ -> new TreeSet<>()).add(path);
  }

  boolean has(int input) {
    return places.containsKey(input);
  }

  Set<Integer> inputs(int document, String path) {
    return inputs.get(document).getOrDefault(path, Set.of());
  }

  /** JSON pointers, in whichever document. */
  List<String> places(int input) {
    return List.copyOf(places.getOrDefault(input, Set.of()));
  }
}
