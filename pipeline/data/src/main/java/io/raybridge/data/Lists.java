package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What copying and splitting do with the lists of the model. */
final class Lists {
  private Lists() {}

  /** A deep copy of a list that may not be there. */
  static <T> @Nullable List<T> copy(@Nullable List<T> from, UnaryOperator<T> copy) {
    if (from == null) return null;
    var to = new ArrayList<T>(from.size());
    for (int i = 0; i < from.size(); i++) to.add(copy.apply(from.get(i)));
    return to;
  }

  /** Moves the last elements to a list of their own. */
  static <T> List<T> takeLast(List<T> from, int count) {
    var tail = from.subList(from.size() - count, from.size());
    var taken = new ArrayList<>(tail);
    tail.clear();
    return taken;
  }
}
