package io.raybridge.xray.explain;

import io.raybridge.data.ResourceSpans;
import io.raybridge.xray.explain.Explainer.Translated;
import io.raybridge.xray.explain.Fields.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds where each of many inputs went in a few trials. The inputs are numbered; each trial changes
 * those whose number has a certain bit set, or not set. A field that follows one input changes in
 * just the trials that spell the input's number. What several inputs decide together spells none,
 * and is not found.
 *
 * <p>The changes take as much room as what they replace: a document that had to be cut would
 * otherwise be cut elsewhere.
 */
final class Halves {
  private final Translated asSent;
  private final List<Integer> inputs = new ArrayList<>();
  private final List<Consumer<ResourceSpans>> nudges = new ArrayList<>();

  Halves(Translated asSent) {
    this.asSent = asSent;
  }

  void add(int index, Input input) {
    if (input.nudge() == null) return;
    inputs.add(index);
    nudges.add(input.nudge());
  }

  /** Hears of a field that follows one input. */
  interface Found {
    void follows(int input, int document, String path, Value value);
  }

  void find(Function<Consumer<ResourceSpans>, Translated> trial, Found found) {
    if (inputs.isEmpty()) return;
    int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(inputs.size() - 1));
    var fields = fields();
    for (int bit = 0; bit < bits; bit++) {
      for (int side = 0; side < 2; side++) {
        Translated with = trial.apply(half(bit, side));
        for (Field field : fields) field.compare(with, bit, side);
      }
    }
    for (Field field : fields) {
      int number = field.number(bits);
      if (number < 0 || number >= inputs.size()) continue;
      found.follows(inputs.get(number), field.document, field.path, field.value);
    }
  }

  private Consumer<ResourceSpans> half(int bit, int side) {
    return request -> {
      for (int i = 0; i < nudges.size(); i++) {
        if ((i >> bit & 1) == side) nudges.get(i).accept(request);
      }
    };
  }

  private List<Field> fields() {
    var fields = new ArrayList<Field>();
    for (int d = 0; d < asSent.fields().size(); d++) {
      for (Map.Entry<String, Value> field : asSent.fields().get(d).values().entrySet()) {
        fields.add(new Field(d, field.getKey(), field.getValue()));
      }
    }
    return fields;
  }

  private static final class Field {
    private final int document;
    private final String path;
    private final Value value;

    /** By side: in which bits' trials the field was another. */
    private final int[] changed = new int[2];

    Field(int document, String path, Value value) {
      this.document = document;
      this.path = path;
      this.value = value;
    }

    void compare(Translated with, int bit, int side) {
      if (!value.equals(with.at(document, path))) changed[side] |= 1 << bit;
    }

    /** The number that the trials spell, or -1. */
    int number(int bits) {
      boolean each = (changed[0] | changed[1]) == (1 << bits) - 1;
      boolean once = (changed[0] & changed[1]) == 0;
      return each && once ? changed[1] : -1;
    }
  }
}
