package io.raybridge.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values in the order they came, found by walking them: maps this small (rarely 20
 * entries) are faster so, and take one array.
 *
 * <p>OTLP wants keys to be unique but senders err: repeated keys are kept as they came, {@link
 * #get} sees the first.
 */
public final class Attributes {
  private static final Object[] NOTHING = {};

  // Alternating key and value. A value is null where the sender left it out altogether, which
  // protobuf tells from a value in which nothing is set.
  private @Nullable Object[] entries = NOTHING;
  private int size;
  private @Nullable UnknownFields @Nullable [] unknownOfEntries;
  @Nullable UnknownFields unknown;

  /** How many entries there are. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The key of the entry at an index below {@link #size()}. */
  public String keyAt(int index) {
    return (String) Objects.requireNonNull(entries[2 * Objects.checkIndex(index, size)]);
  }

  /** The value of the entry at an index below {@link #size()}. */
  public Value valueAt(int index) {
    var value = rawValueAt(Objects.checkIndex(index, size));
    return value == null ? Value.empty() : value;
  }

  /** Puts another value in the place of the one at an index below {@link #size()}. */
  public void setValueAt(int index, Value value) {
    entries[2 * Objects.checkIndex(index, size) + 1] = Objects.requireNonNull(value, "value");
  }

  /** The value of a key, or null without such a key. */
  public @Nullable Value get(String key) {
    int index = indexOf(key);
    return index < 0 ? null : valueAt(index);
  }

  public boolean contains(String key) {
    return indexOf(key) >= 0;
  }

  /** The text under a key, or null when there is none or it is something else than text. */
  public @Nullable String getString(String key) {
    return known(key) instanceof Value.Str(var text) ? text : null;
  }

  /** The whole number under a key, or the given one when there is none. */
  public long getLong(String key, long otherwise) {
    return known(key) instanceof Value.Int(var number) ? number : otherwise;
  }

  /** The floating-point or whole number under a key, or the given one when there is none. */
  public double getDouble(String key, double otherwise) {
    return switch (known(key)) {
      case Value.Dbl number -> number.value();
      case Value.Int number -> number.value();
      case null, default -> otherwise;
    };
  }

  /** The truth value under a key, or the given one when there is none. */
  public boolean getBoolean(String key, boolean otherwise) {
    return known(key) instanceof Value.Bool(var bool) ? bool : otherwise;
  }

  /** Sets a key's value, in its place when the key is there, at the end when not. */
  public Attributes put(String key, Value value) {
    int index = indexOf(key);
    if (index < 0) {
      add(key, value);
    } else {
      setValueAt(index, value);
    }
    return this;
  }

  public Attributes put(String key, String value) {
    return put(key, Value.of(value));
  }

  public Attributes put(String key, long value) {
    return put(key, Value.of(value));
  }

  public Attributes put(String key, double value) {
    return put(key, Value.of(value));
  }

  public Attributes put(String key, boolean value) {
    return put(key, Value.of(value));
  }

  /** Sets a key's value unless the key is there. Says whether it did. */
  public boolean putIfAbsent(String key, Value value) {
    if (indexOf(key) >= 0) return false;
    add(key, value);
    return true;
  }

  /** Adds an entry at the end without looking whether the key is there already. */
  public Attributes add(String key, Value value) {
    append(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"), null);
    return this;
  }

  /** Removes all entries of a key. Gives the value of the first, or null without such a key. */
  public @Nullable Value remove(String key) {
    int index = indexOf(key);
    if (index < 0) return null;
    var value = valueAt(index);
    removeIf((k, _) -> k.equals(key));
    return value;
  }

  /** Removes the entries that the test holds for. Says whether there were any. */
  public boolean removeIf(BiPredicate<String, Value> test) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (test.test(keyAt(i), valueAt(i))) continue;
      entries[2 * kept] = entries[2 * i];
      entries[2 * kept + 1] = entries[2 * i + 1];
      if (unknownOfEntries != null && kept < unknownOfEntries.length) {
        unknownOfEntries[kept] = unknownAt(i);
      }
      kept++;
    }
    boolean any = kept < size;
    truncate(kept);
    return any;
  }

  public void clear() {
    truncate(0);
  }

  /** Visits the entries in order. */
  public void forEach(BiConsumer<String, Value> action) {
    for (int i = 0; i < size; i++) action.accept(keyAt(i), valueAt(i));
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Attributes copy() {
    var copy = new Attributes();
    if (size > 0) copy.entries = Arrays.copyOf(entries, 2 * size);
    for (int i = 1; i < 2 * size; i += 2) {
      if (entries[i] instanceof Value value) copy.entries[i] = value.copy();
    }
    copy.size = size;
    if (unknownOfEntries != null) {
      copy.unknownOfEntries = Arrays.copyOf(unknownOfEntries, size);
      for (int i = 0; i < size; i++) {
        copy.unknownOfEntries[i] = UnknownFields.copy(unknownOfEntries[i]);
      }
    }
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }

  /** Equal are the same keys with equal values in the same order. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Attributes that) || that.size != size) return false;
    for (int i = 0; i < size; i++) {
      if (!keyAt(i).equals(that.keyAt(i)) || !valueAt(i).equals(that.valueAt(i))) return false;
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = size;
    for (int i = 0; i < size; i++) hash = 31 * hash + (keyAt(i).hashCode() ^ valueAt(i).hashCode());
    return hash;
  }

  @Override
  public String toString() {
    var text = new StringBuilder("{");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append(keyAt(i)).append('=').append(valueAt(i));
    }
    return text.append('}').toString();
  }

  void append(String key, @Nullable Value value, @Nullable UnknownFields unknownOfEntry) {
    if (2 * size == entries.length) entries = Arrays.copyOf(entries, Math.max(16, 4 * size));
    entries[2 * size] = key;
    entries[2 * size + 1] = value;
    if (unknownOfEntry != null) keep(unknownOfEntry, size);
    size++;
  }

  @Nullable Value rawValueAt(int index) {
    return (Value) entries[2 * index + 1];
  }

  @Nullable UnknownFields unknownAt(int index) {
    return unknownOfEntries == null || index >= unknownOfEntries.length
        ? null
        : unknownOfEntries[index];
  }

  private @Nullable Value known(String key) {
    var value = get(key);
    return value == null ? null : value.known();
  }

  private int indexOf(String key) {
    for (int i = 0; i < size; i++) {
      if (key.equals(entries[2 * i])) return i;
    }
    return -1;
  }

  private void keep(UnknownFields fields, int index) {
    if (unknownOfEntries == null) {
      unknownOfEntries = new UnknownFields[entries.length / 2];
    } else if (unknownOfEntries.length <= index) {
      unknownOfEntries = Arrays.copyOf(unknownOfEntries, entries.length / 2);
    }
    unknownOfEntries[index] = fields;
  }

  private void truncate(int kept) {
    Arrays.fill(entries, 2 * kept, 2 * size, null);
    if (unknownOfEntries != null) {
      Arrays.fill(
          unknownOfEntries, Math.min(kept, unknownOfEntries.length), unknownOfEntries.length, null);
    }
    size = kept;
  }
}
