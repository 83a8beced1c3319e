package io.raybridge.data;

import java.util.List;

/** One signal between protobuf and objects, as far as a {@link Body} needs to know it. */
interface Codec<G> {
  /** The message of an export request. */
  Shape shape();

  /** Reads a group, its tag being read. */
  G read(ProtoReader in);

  /** Writes a group with its tag. */
  void write(ProtoWriter out, G group);

  List<G> readJson(JsonReader in) throws MalformedBatchException;

  void writeJson(JsonWriter out, List<G> groups);

  G copy(G group);

  int items(G group);

  /**
   * Moves the last items of a group that has more to a group of their own, which has a copy of all
   * the rest.
   *
   * @param items more than 0 and less than the group has
   */
  G takeLast(G group, int items);
}
