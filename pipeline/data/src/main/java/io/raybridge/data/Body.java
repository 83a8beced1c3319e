package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a batch holds: OTLP bytes until someone asks for objects, from then on the objects; or,
 * before either, a form of its own. Never two of them, so that there is one truth.
 *
 * <p>The bytes are a list of arrays, since requests written one after another are one request, and
 * none of the arrays is ever changed.
 */
final class Body<G> {
  private final Codec<G> codec;
  private @Nullable List<byte[]> chunks;
  private @Nullable List<G> groups;
  private @Nullable Foreign foreign;
  private int items;
  // Of the bytes that the objects were read from, to estimate the size of what became of them.
  private long bytesBefore;
  private int itemsBefore;
  private @Nullable UnknownFields unknown;
  private @Nullable ClientMetadata client;

  private Body(Codec<G> codec, @Nullable List<byte[]> chunks, @Nullable List<G> groups, int items) {
    this.codec = codec;
    this.chunks = chunks;
    this.groups = groups;
    this.items = items;
  }

  static <G> Body<G> ofOtlp(Codec<G> codec, byte[] bytes) throws MalformedBatchException {
    int items = Walk.check(bytes, codec.shape());
    return new Body<>(codec, List.of(bytes), null, items);
  }

  static <G> Body<G> ofChecked(Codec<G> codec, byte[] bytes, int items) {
    return new Body<>(codec, List.of(bytes), null, items);
  }

  static <G> Body<G> ofForeign(Codec<G> codec, Foreign foreign) {
    var body = new Body<G>(codec, null, null, 0);
    body.foreign = foreign;
    return body;
  }

  static <G> Body<G> ofJson(Codec<G> codec, byte[] json) throws MalformedBatchException {
    return of(codec, JsonReader.read(json, codec::readJson));
  }

  static <G> Body<G> of(Codec<G> codec, List<G> groups) {
    return new Body<>(codec, null, groups, 0);
  }

  static <G> Body<G> join(Codec<G> codec, List<Body<G>> bodies) {
    if (bodies.size() == 1) return bodies.getFirst();
    var joined = joined(codec, bodies);
    var client = bodies.getFirst().client;
    boolean same = bodies.stream().allMatch(body -> Objects.equals(body.client, client));
    if (same) joined.client = client;
    return joined;
  }

  private static <G> Body<G> joined(Codec<G> codec, List<Body<G>> bodies) {
    if (bodies.stream().allMatch(body -> body.groups != null)) {
      var groups = new ArrayList<G>();
      var joined = of(codec, groups);
      for (var body : bodies) {
        groups.addAll(body.groups());
        joined.bytesBefore += body.bytesBefore;
        joined.itemsBefore += body.itemsBefore;
        joined.unknown = UnknownFields.join(joined.unknown, body.unknown);
      }
      return joined;
    }
    var chunks = new ArrayList<byte[]>();
    int items = 0;
    for (var body : bodies) {
      items += body.items();
      chunks.addAll(body.chunks());
    }
    return new Body<>(codec, chunks, null, items);
  }

  @Nullable ClientMetadata client() {
    return client;
  }

  void client(@Nullable ClientMetadata metadata) {
    client = metadata;
  }

  @Nullable Foreign foreign() {
    return foreign;
  }

  /** Makes OTLP of another form whose units need not be what a batch counts. */
  void settle() {
    if (foreign != null && !foreign.isSpans()) becomeOtlp();
  }

  /** Makes OTLP of another form; nothing where it is OTLP. */
  private void becomeOtlp() {
    if (foreign == null) return;
    byte[] otlp = foreign.toOtlp();
    try {
      items = foreign.isSpans() ? foreign.items() : Walk.check(otlp, codec.shape());
    } catch (MalformedBatchException e) {
      throw new IllegalStateException("a form of its own did not become OTLP", e);
    }
    chunks = otlp.length == 0 ? List.of() : List.of(otlp);
    foreign = null;
  }

  int items() {
    if (foreign != null) return foreign.items();
    if (groups == null) return items;
    int sum = 0;
    for (var group : groups) sum += codec.items(group);
    return sum;
  }

  long sizeBytes() {
    if (foreign != null) return foreign.sizeBytes();
    if (chunks != null) return size(chunks);
    if (itemsBefore == 0) {
      bytesBefore = size(chunks());
      itemsBefore = Math.max(items(), 1);
      return bytesBefore;
    }
    return Math.round((double) bytesBefore * items() / itemsBefore);
  }

  /** The bytes as they came, or newly written from the objects. */
  List<byte[]> chunks() {
    becomeOtlp();
    if (chunks != null) return List.copyOf(chunks);
    var written = write(groups());
    return written.length == 0 ? List.of() : List.of(written);
  }

  byte[] toOtlp() {
    var all = chunks();
    if (all.size() == 1) return all.getFirst();
    var joined = new byte[Math.toIntExact(size(all))];
    int at = 0;
    for (var chunk : all) {
      System.arraycopy(chunk, 0, joined, at, chunk.length);
      at += chunk.length;
    }
    return joined;
  }

  byte[] toJson() {
    becomeOtlp();
    try (var out = new JsonWriter()) {
      codec.writeJson(out, groups == null ? read() : groups);
      return out.toArray();
    }
  }

  /** The objects; from here on they are the truth. */
  List<G> groups() {
    becomeOtlp();
    if (groups == null) {
      groups = read();
      bytesBefore = size(chunks == null ? List.of() : chunks);
      itemsBefore = items;
      chunks = null;
    }
    return groups;
  }

  void pack() {
    becomeOtlp();
    if (groups == null) return;
    items = items();
    chunks = chunks();
    groups = null;
  }

  Body<G> copy() {
    var copy = copied();
    copy.client = client;
    return copy;
  }

  private Body<G> copied() {
    if (foreign != null) return ofForeign(codec, foreign);
    if (groups == null) return new Body<>(codec, chunks, null, items);
    var copies = new ArrayList<G>(groups.size());
    for (var group : groups) copies.add(codec.copy(group));
    var copy = of(codec, copies);
    copy.bytesBefore = bytesBefore;
    copy.itemsBefore = itemsBefore;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }

  /** Parts of exactly so many items, but for the last. The parts take this one's place. */
  List<Body<G>> split(int maxItems) {
    if (maxItems < 1) throw new IllegalArgumentException(maxItems + " items (expected: 1 or more)");
    if (items() <= maxItems) return List.of(this);
    becomeOtlp();
    if (items <= maxItems && groups == null) return List.of(this);
    var bodies = parts(maxItems);
    for (var part : bodies) part.client = client;
    return bodies;
  }

  private List<Body<G>> parts(int maxItems) {
    if (chunks == null) return splitGroups(maxItems);
    var parts = Splitter.split(codec.shape(), chunks, maxItems);
    return parts == null ? splitGroups(maxItems) : ofParts(parts, maxItems);
  }

  private List<Body<G>> ofParts(List<List<byte[]>> parts, int maxItems) {
    var bodies = new ArrayList<Body<G>>(parts.size());
    int left = items;
    for (var part : parts) {
      bodies.add(new Body<>(codec, part, null, Math.min(left, maxItems)));
      left -= maxItems;
    }
    return bodies;
  }

  private List<Body<G>> splitGroups(int maxItems) {
    var parts = new ArrayList<Body<G>>();
    var part = new ArrayList<G>();
    int room = maxItems;
    for (var group : groups()) {
      int left = codec.items(group);
      var pieces = cut(group, left, room, maxItems);
      for (int i = 0; i < pieces.size(); i++) {
        if (i > 0 || (room == 0 && left > 0)) {
          parts.add(of(codec, part));
          part = new ArrayList<>();
          room = maxItems;
        }
        part.add(pieces.get(i));
        int taken = Math.min(left, room);
        left -= taken;
        room -= taken;
      }
    }
    parts.add(of(codec, part));
    for (var each : parts) each.unknown = UnknownFields.copy(unknown);
    return parts;
  }

  /** Pieces of a group for the room that is left in a part, and for parts after it. */
  private List<G> cut(G group, int items, int room, int maxItems) {
    int first = room == 0 ? maxItems : room;
    var pieces = new ArrayList<G>();
    // from the end, since taking from the start of a list moves all the rest of it
    for (int left = items; left > first; ) {
      int last = (left - first - 1) % maxItems + 1;
      pieces.add(codec.takeLast(group, last));
      left -= last;
    }
    pieces.add(group);
    return pieces.reversed();
  }

  private List<G> read() {
    var read = new ArrayList<G>();
    unknown = null;
    for (var chunk : chunks == null ? List.<byte[]>of() : chunks) {
      var in = new ProtoReader(chunk, 0);
      while (in.at < chunk.length) {
        int start = in.at;
        int tag = in.varint();
        if (tag == 10) {
          read.add(codec.read(in));
        } else {
          unknown = in.keep(unknown, start, tag);
        }
      }
    }
    return read;
  }

  private byte[] write(List<G> all) {
    var out = new ProtoWriter(Math.clamp(bytesBefore + bytesBefore / 4, 4096, 1 << 26));
    out.unknown(unknown);
    for (int i = all.size(); i-- > 0; ) codec.write(out, all.get(i));
    return out.toArray();
  }

  private static long size(List<byte[]> chunks) {
    long size = 0;
    for (var chunk : chunks) size += chunk.length;
    return size;
  }
}
