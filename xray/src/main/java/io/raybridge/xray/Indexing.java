package io.raybridge.xray;

import io.raybridge.data.view.KeyTable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which attributes the configuration wants as annotations. */
final class Indexing {
  private final boolean all;
  private final boolean[] byId;
  private final KeyTable exact;
  private final byte[][] patterns;
  private final boolean resources;

  private Indexing(
      boolean all, boolean[] byId, KeyTable exact, byte[][] patterns, boolean resources) {
    this.all = all;
    this.byId = byId;
    this.exact = exact;
    this.patterns = patterns;
    this.resources = resources;
  }

  static Indexing of(TranslationConfig config, KeyTable keys) {
    List<String> exact = exactKeys(config);
    var byId = new boolean[keys.size() + 1];
    for (String key : exact) {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      byId[keys.id(bytes, 0, bytes.length)] = true;
    }
    byId[0] = false;
    byte[][] patterns =
        config.indexedAttributes().stream()
            .filter(Indexing::isPattern)
            .map(key -> key.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    return new Indexing(
        config.indexAllAttributes(), byId, KeyTable.of(exact), patterns, namesResources(config));
  }

  /** The keys that are wanted by their full name. */
  static List<String> exactKeys(TranslationConfig config) {
    return config.indexedAttributes().stream().filter(key -> !isPattern(key)).distinct().toList();
  }

  private static boolean isPattern(String key) {
    return key.indexOf('*') >= 0;
  }

  private static boolean namesResources(TranslationConfig config) {
    return config.indexAllAttributes()
        || config.indexedAttributes().stream()
            .anyMatch(key -> key.startsWith("otel.resource.") || isPattern(key));
  }

  /** Whether attributes of no name at all can be wanted: every one has to be asked about. */
  boolean all() {
    return all;
  }

  /** Whether anything is wanted but what a span itself lists. */
  boolean any() {
    return all || patterns.length > 0 || exact.size() > 0;
  }

  boolean indexesResources() {
    return resources;
  }

  /** Whether the configuration names this attribute; "all" does not name it. */
  boolean names(int id, byte[] key, int offset, int length) {
    return byId[id] || matches(key, offset, length);
  }

  /** Whether this key, with its prefix, is wanted of a resource. */
  boolean indexes(byte[] key, int offset, int length) {
    return all || exact.id(key, offset, length) > 0 || matches(key, offset, length);
  }

  private boolean matches(byte[] key, int offset, int length) {
    for (byte[] pattern : patterns) {
      if (matches(pattern, key, offset, offset + length)) return true;
    }
    return false;
  }

  /** Greedy with one place to fall back to: never more than pattern times key steps. */
  static boolean matches(byte[] pattern, byte[] key, int offset, int end) {
    int p = 0;
    int star = -1;
    int resume = offset;
    while (offset < end) {
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        resume = offset;
      } else if (p < pattern.length && pattern[p] == key[offset]) {
        p++;
        offset++;
      } else if (star >= 0) {
        p = star + 1;
        offset = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') p++;
    return p == pattern.length;
  }
}
