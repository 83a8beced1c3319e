package io.raybridge.data;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent beside a batch: the header fields of its request, by their names in lower
 * case. Equal where all of it is. A batch has none unless its receiver was told to keep it.
 *
 * <p>Among the values may be passwords, so none of them is ever printed.
 */
public final class ClientMetadata {
  private final Map<String, List<String>> fields;

  private ClientMetadata(Map<String, List<String>> fields) {
    this.fields = fields;
  }

  /**
   * The fields of a request.
   *
   * @param names in any case
   * @param values gives the values of such a name, whatever its case
   */
  public static ClientMetadata of(
      Collection<String> names, Function<String, ? extends Collection<String>> values) {
    var fields = HashMap.<String, List<String>>newHashMap(names.size());
    for (var name : names) {
      fields.put(name.toLowerCase(Locale.ROOT), List.copyOf(values.apply(name)));
    }
    return new ClientMetadata(fields);
  }

  /** The values of a field, in order; none where it was not sent. */
  public List<String> get(String name) {
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /**
   * These fields alone; null where none of them was sent. One that was sent empty is another case
   * than one that was not sent.
   *
   * @param names in lower case
   */
  public @Nullable ClientMetadata only(List<String> names) {
    Map<String, List<String>> some = null;
    for (var name : names) {
      var values = fields.get(name);
      if (values == null) continue;
      if (some == null) some = HashMap.newHashMap(names.size());
      some.put(name, values);
    }
    return some == null ? null : new ClientMetadata(some);
  }

  /** About the bytes that it takes in memory. */
  public long sizeBytes() {
    long size = 64;
    for (var field : fields.entrySet()) {
      size += 96 + field.getKey().length();
      for (var value : field.getValue()) size += 56 + value.length();
    }
    return size;
  }

  /** All of it as bytes, for a file. */
  public byte[] toBytes() {
    var out = new ByteArrayOutputStream();
    number(out, fields.size());
    fields.forEach((name, values) -> {
      text(out, name);
      number(out, values.size());
      for (var value : values) text(out, value);
    });
    return out.toByteArray();
  }

  /**
   * What {@link #toBytes} made.
   *
   * @throws MalformedBatchException when these bytes were not made by it
   */
  public static ClientMetadata ofBytes(byte[] bytes) throws MalformedBatchException {
    var in = ByteBuffer.wrap(bytes);
    try {
      var fields = new HashMap<String, List<String>>();
      for (int names = in.getInt(); names > 0; names--) {
        var name = text(in);
        var values = new ArrayList<String>();
        for (int left = in.getInt(); left > 0; left--) values.add(text(in));
        fields.put(name, List.copyOf(values));
      }
      if (!in.hasRemaining()) return new ClientMetadata(fields);
    } catch (BufferUnderflowException e) {
      // what follows is said of any bytes that are none of ours
    }
    throw new MalformedBatchException("not a client's metadata", in.position());
  }

  private static void number(ByteArrayOutputStream out, int number) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
    var bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof ClientMetadata that && fields.equals(that.fields));
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** The names alone. */
  @Override
  public String toString() {
    return new TreeSet<>(fields.keySet()).toString();
  }
}
