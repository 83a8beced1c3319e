package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Deep copies of lists that may not be there. */
final class Copy {
  private Copy() {}

  static <T> @Nullable List<T> all(@Nullable List<T> from, UnaryOperator<T> copy) {
    if (from == null) return null;
    var to = new ArrayList<T>(from.size());
    for (int i = 0; i < from.size(); i++) to.add(copy.apply(from.get(i)));
    return to;
  }
}
