package io.raybridge.api;

import io.raybridge.data.Batch;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The fields of a client's metadata by whose values batches are kept apart. Without any, all go
 * together.
 */
public record MetadataKeys(List<String> names) {
  /** All batches go together. */
  public static final MetadataKeys NONE = new MetadataKeys(List.of());

  public MetadataKeys {
    names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().sorted().toList();
  }

  /**
   * The value of a configuration's key.
   *
   * @throws Invalid when a name stands there twice
   */
  public static MetadataKeys of(String key, List<String> names) {
    var seen = new HashSet<String>();
    for (var spelled : names) {
      var name = spelled.toLowerCase(Locale.ROOT);
      if (!seen.add(name)) {
        throw new Invalid(key, name + " stands there twice (expected: each once, in any case)");
      }
    }
    return new MetadataKeys(names);
  }

  /** These and more. */
  public MetadataKeys and(MetadataKeys more) {
    if (more.names.isEmpty()) return this;
    return new MetadataKeys(Stream.concat(names.stream(), more.names.stream()).toList());
  }

  /** Takes from a batch what its client sent beside it, but for these fields. */
  public void reduce(Batch batch) {
    var client = batch.client();
    if (client != null) batch.client(client.only(names));
  }
}
