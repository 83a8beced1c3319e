package io.raybridge.xray;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service maps that the shop's README draws, and where it says that a capture differs. */
final class ShopMap {
  /** The map of the traces that no purchase began. */
  static final String BETWEEN = "between";

  private static final Pattern MAP =
      Pattern.compile("<!-- map (\\w+) -->\\s*```\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /**
   * In these captures and maps, each text that stands in the first list is the one at the same
   * place in the second: a node of another name. Without a second, the lines that have it are
   * missing; without a first, the second list are lines more.
   */
  private record Difference(
      List<String> captures, List<String> maps, List<String> not, List<String> but) {}

  private final Map<String, List<String>> maps = new TreeMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();

  private ShopMap(String readme) {
    Matcher map = MAP.matcher(readme);
    while (map.find()) maps.put(map.group(1), map.group(2).lines().toList());
    String table = readme.substring(readme.indexOf("<!-- differences -->"));
    for (String row : table.lines().filter(line -> line.startsWith("| `")).toList()) {
      String[] cells = row.split(" *\\| *", -1);
      var difference =
          new Difference(quoted(cells[1]), quoted(cells[2]), quoted(cells[3]), quoted(cells[4]));
      if (difference.maps.isEmpty()) throw new AssertionError("no map named in " + row);
      differences.add(difference);
    }
  }

  static ShopMap read(Path readme) throws IOException {
    return new ShopMap(Files.readString(readme));
  }

  /** The maps as this capture draws them. */
  Map<String, TreeSet<String>> of(String capture) {
    var drawn = new TreeMap<String, TreeSet<String>>();
    maps.forEach((name, lines) -> drawn.put(name, of(capture, name, lines)));
    return drawn;
  }

  private TreeSet<String> of(String capture, String map, List<String> lines) {
    List<String> changed = new ArrayList<>(lines);
    for (Difference difference : differences) {
      if (!difference.captures.contains(capture) || !difference.maps.contains(map)) continue;
      List<String> before = List.copyOf(changed);
      changed = change(changed, difference);
      if (!changed.equals(before)) used.add(use(difference, capture, map));
    }
    return new TreeSet<>(changed);
  }

  private static List<String> change(List<String> lines, Difference difference) {
    if (difference.not.isEmpty()) {
      var more = new ArrayList<>(lines);
      more.addAll(difference.but);
      return more;
    }
    var changed = new ArrayList<String>();
    for (String line : lines) {
      String text = line;
      boolean missing = false;
      for (int i = 0; i < difference.not.size(); i++) {
        String not = difference.not.get(i);
        if (!text.contains(not)) continue;
        if (difference.but.isEmpty()) missing = true;
        else text = text.replace(not, difference.but.get(i));
      }
      if (!missing) changed.add(text);
    }
    return changed;
  }

  /** Differences, with capture and map, that no capture that was asked for showed. */
  List<String> unused() {
    var unused = new ArrayList<String>();
    for (Difference difference : differences) {
      for (String capture : difference.captures) {
        for (String map : difference.maps) unused.add(use(difference, capture, map));
      }
    }
    unused.removeAll(used);
    return unused;
  }

  private static String use(Difference difference, String capture, String map) {
    return capture + ", " + map + ": " + difference.not + " " + difference.but;
  }

  private static List<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map(match -> match.group(1)).toList();
  }
}
