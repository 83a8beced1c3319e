package io.raybridge.delivery;

import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import java.util.List;

/** Puts batches together and takes them apart, whatever their signal. */
public final class Merge {
  private Merge() {}

  /**
   * The batches as one, or as several where one would have more items than given; 0 is no limit.
   */
  // All batches of one queue are of its signal, so the lists are what they are cast to.
  @SuppressWarnings("unchecked")
  public static <B extends Batch> List<B> together(List<B> batches, int maxItems) {
    int max = maxItems == 0 ? Integer.MAX_VALUE : maxItems;
    Batch first = batches.getFirst();
    List<? extends Batch> merged =
        switch (first) {
          case Traces _ -> Traces.join((List<Traces>) batches).split(max);
          case Metrics _ -> Metrics.join((List<Metrics>) batches).split(max);
          case Logs _ -> Logs.join((List<Logs>) batches).split(max);
        };
    return (List<B>) merged;
  }

  /** Back to bytes, in which a batch that has to wait takes a fraction of the room. */
  public static void pack(Batch batch) {
    switch (batch) {
      case Traces traces -> traces.pack();
      case Metrics metrics -> metrics.pack();
      case Logs logs -> logs.pack();
    }
  }
}
