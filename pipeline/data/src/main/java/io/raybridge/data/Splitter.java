package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits checked requests by their bytes, in one pass. A message on the way to the items (a
 * resource's, a scope's, a metric's) that falls in several parts gives each of them all its other
 * fields.
 */
final class Splitter {
  private final Shape request;
  private final int maxItems;
  private final List<List<byte[]>> parts = new ArrayList<>();
  private final List<Frame> open = new ArrayList<>();
  private List<byte[]> part = new ArrayList<>();
  private int room;
  private boolean tooOdd;

  private Splitter(Shape request, int maxItems) {
    this.request = request;
    this.maxItems = maxItems;
    room = maxItems;
  }

  /**
   * Gives for each part its chunks, or null when the bytes are of a kind that only objects can
   * split: a metric whose data came in several pieces, which count as merged.
   */
  static @Nullable List<List<byte[]>> split(Shape request, List<byte[]> chunks, int maxItems) {
    var splitter = new Splitter(request, maxItems);
    for (var chunk : chunks) {
      splitter.addChunk(chunk);
      if (splitter.tooOdd) return null;
    }
    splitter.parts.add(splitter.part);
    return splitter.parts;
  }

  private void addChunk(byte[] chunk) {
    int items = count(request, chunk, 0, chunk.length);
    if (items > 0 && room == 0) flush();
    if (items <= room) {
      room -= items;
      part.add(chunk);
      return;
    }
    var frame = new Frame(request, 0, chunk, 0, chunk.length);
    addFields(frame);
    if (frame.hasPieces()) part.add(frame.toArray());
  }

  /** Adds a message that does not fit in the part as a whole. */
  private void addFields(Frame frame) {
    open.addLast(frame);
    var in = new ProtoReader(frame.bytes, frame.start);
    while (in.at < frame.end) {
      int field = in.at;
      int tag = in.varint();
      int content = in.at;
      in.skip(tag);
      var inner = branch(frame.shape, tag);
      if (inner == null && !isItem(frame.shape, tag)) continue;

      int items = inner == null ? 1 : countField(inner, frame.bytes, content);
      if (items > 0 && room == 0) flush();
      if (inner == null || items <= room) {
        room -= items;
        frame.addRange(field, in.at);
      } else {
        var reader = new ProtoReader(frame.bytes, content);
        int end = reader.end();
        var child = new Frame(inner, tag, frame.bytes, reader.at, end);
        addFields(child);
        if (child.hasPieces()) frame.addArray(child.toField());
      }
    }
    open.removeLast();
  }

  /** Ends the part: the open messages end in it and go on in the next one. */
  private void flush() {
    var out = new ProtoWriter(1024);
    for (int i = open.size(); i-- > 0; ) {
      open.get(i).writePieces(out);
      if (i > 0) out.message(open.get(i).tag, 0);
      open.get(i).clearPieces();
    }
    if (out.mark() > 0) part.add(out.toArray());
    parts.add(part);
    part = new ArrayList<>();
    room = maxItems;
  }

  private int countField(Shape shape, byte[] bytes, int at) {
    var in = new ProtoReader(bytes, at);
    int end = in.end();
    return count(shape, bytes, in.at, end);
  }

  private int count(Shape shape, byte[] bytes, int start, int end) {
    var in = new ProtoReader(bytes, start);
    int items = 0;
    int choices = 0;
    while (in.at < end) {
      int tag = in.varint();
      var inner = branch(shape, tag);
      if (inner == null) {
        if (isItem(shape, tag)) items++;
        in.skip(tag);
        continue;
      }
      if (shape.kinds[tag] == Shape.CHOICE && ++choices > 1) tooOdd = true;
      int after = in.end();
      items += count(inner, bytes, in.at, after);
      in.at = after;
    }
    return items;
  }

  /** What stands behind a tag if there are items in it. */
  private static @Nullable Shape branch(Shape shape, int tag) {
    if (tag != (tag & 0xff) || shape.kinds[tag] == Shape.ITEM) return null;
    var inner = shape.messages[tag];
    return inner != null && inner.carriesItems() ? inner : null;
  }

  private static boolean isItem(Shape shape, int tag) {
    return tag == (tag & 0xff) && shape.kinds[tag] == Shape.ITEM;
  }

  /** A message that is being split, and what of it belongs to the part at hand. */
  private static final class Frame {
    final Shape shape;
    final int tag;
    final byte[] bytes;
    final int start;
    final int end;
    // What has no items in it, for each part again.
    private final byte[] header;
    private final List<Piece> pieces = new ArrayList<>();

    Frame(Shape shape, int tag, byte[] bytes, int start, int end) {
      this.shape = shape;
      this.tag = tag;
      this.bytes = bytes;
      this.start = start;
      this.end = end;
      header = header();
    }

    boolean hasPieces() {
      return !pieces.isEmpty();
    }

    void addRange(int from, int to) {
      if (hasPieces() && pieces.getLast().array == null && pieces.getLast().to == from) {
        pieces.getLast().to = to;
      } else {
        pieces.add(new Piece(null, from, to));
      }
    }

    void addArray(byte[] field) {
      pieces.add(new Piece(field, 0, field.length));
    }

    void clearPieces() {
      pieces.clear();
    }

    void writePieces(ProtoWriter out) {
      for (int i = pieces.size(); i-- > 0; ) {
        var piece = pieces.get(i);
        out.raw(piece.array == null ? bytes : piece.array, piece.from, piece.to);
      }
      out.raw(header);
    }

    byte[] toArray() {
      var out = new ProtoWriter(header.length + 1024);
      writePieces(out);
      return out.toArray();
    }

    byte[] toField() {
      var out = new ProtoWriter(header.length + 1024);
      writePieces(out);
      out.message(tag, 0);
      return out.toArray();
    }

    private byte[] header() {
      var fields = new UnknownFields(bytes, start, start);
      var in = new ProtoReader(bytes, start);
      while (in.at < end) {
        int field = in.at;
        int next = in.varint();
        in.skip(next);
        if (!isItem(shape, next) && branch(shape, next) == null) fields.add(bytes, field, in.at);
      }
      return fields.toArray();
    }
  }

  /** A range of the message's own bytes, or of an array made for it. */
  private static final class Piece {
    final byte @Nullable [] array;
    final int from;
    int to;

    Piece(byte @Nullable [] array, int from, int to) {
      this.array = array;
      this.from = from;
      this.to = to;
    }
  }
}
