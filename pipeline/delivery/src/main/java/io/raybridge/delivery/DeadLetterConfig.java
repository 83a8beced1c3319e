package io.raybridge.delivery;

import io.raybridge.api.Key;

/** Keys under {@code dead_letters}; their names are those of the Go file exporter's rotation. */
public record DeadLetterConfig(
    @Key(
            doc =
                "Whether what is given up is kept in the data directory's `dead-letters` folder, to"
                    + " be sent again by `raybridge replay`. Not a key of the Go Collector.",
            def = "true")
        boolean enabled,
    @Key(
            doc =
                "What the folder's files may hold together, in megabytes; the oldest day goes"
                    + " first.",
            def = "100",
            min = 1)
        int maxMegabytes,
    @Key(doc = "Days after which a file is deleted.", def = "7", min = 1) int maxDays) {

  /** For an exporter that cannot keep what it gives up. */
  public static final DeadLetterConfig NONE = new DeadLetterConfig(false, 1, 1);

  long maxBytes() {
    return maxMegabytes * 1_000_000L;
  }
}
