package io.raybridge.local.store;

import io.raybridge.api.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Puts traces into a store until it is killed or cannot, and prints the number of each that was
 * taken.
 */
final class StoreProcess {
  private StoreProcess() {}

  public static void main(String[] args) throws Exception {
    var random = new Random(1);
    try (var store = TraceStore.open(settings(Path.of(args[0])), Clock.SYSTEM)) {
      for (int i = 0; ; i++) {
        store.put(List.of(document(i, random)));
        System.out.println(i);
      }
    } catch (StoreException e) {
      System.out.println("StoreException: " + e.getMessage());
    }
  }

  static StoreSettings settings(Path directory) {
    return new StoreSettings(directory, 256 << 20, Duration.ofDays(7));
  }

  static String traceId(int i) {
    return "1-0badcafe-%024x".formatted(i);
  }

  private static Document document(int i, Random random) {
    byte[] noise = new byte[2000];
    random.nextBytes(noise);
    String json = "{\"noise\":\"" + java.util.HexFormat.of().formatHex(noise) + "\"}";
    long micros = System.currentTimeMillis() * 1000;
    return new Document(traceId(i), "00000000000000aa", true, micros, micros, json);
  }
}
