package io.raybridge.xray;

/**
 * Writes the exceptions of a cause one after the other, each with its frames and the id of its own
 * cause, within what the document has room for.
 */
final class Exceptions {
  private static final Fragment ID = Fragment.name("id");
  private static final Fragment TYPE = Fragment.name("type");
  private static final Fragment MESSAGE = Fragment.name("message");
  private static final Fragment REMOTE = Fragment.json("\"remote\":true");
  private static final Fragment STACK = Fragment.name("stack");
  private static final Fragment PATH = Fragment.name("path");
  private static final Fragment LINE = Fragment.name("line");
  private static final Fragment LABEL = Fragment.name("label");
  private static final Fragment TRUNCATED = Fragment.name("truncated");
  private static final Fragment CAUSE = Fragment.name("cause");
  private static final byte[] FRAMES_NAME = Ascii.bytes("cause.exceptions.stack");
  private static final byte[] MESSAGE_NAME = Ascii.bytes("cause.exceptions.message");
  private static final int SHORTEST_MESSAGE = 512;

  /** More exceptions than this no reader follows, and a hostile text could hold thousands. */
  private static final int MOST = 64;

  private Draft draft;
  private JsonWriter out;
  private long sizeBefore;
  private int count;
  private boolean open;
  private int frames;
  private int cutFrames;
  private int allCut;
  private int allFrames;

  Exceptions(Draft draft) {
    this.draft = draft;
    this.out = draft.out;
  }

  void start() {
    sizeBefore = out.size();
    count = 0;
    open = false;
    allCut = 0;
    allFrames = 0;
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count >= MOST;
  }

  /** The id of an exception: made of the span's, so that a second sending is the same document. */
  private long id(int number) {
    return Ids.derived(draft.span.spanId(), number + 1);
  }

  /** Begins an exception that stands by itself. */
  void begin() {
    end(false);
    next();
  }

  /** Begins the cause of the one before. */
  void beginCause() {
    end(true);
    next();
  }

  private void next() {
    out.comma();
    out.put('{');
    out.member(ID);
    out.quote();
    out.hex(id(count), 16);
    out.quote();
    count++;
    open = true;
    frames = 0;
    cutFrames = 0;
    if (!draft.shape.remoteExceptions) return;
    out.comma();
    out.put(REMOTE);
  }

  void type(byte[] bytes, int offset, int length) {
    if (length > 0) out.member(TYPE).string(bytes, offset, length);
  }

  void message(byte[] bytes, int offset, int length) {
    if (length <= 0) return;
    int room = Math.max(SHORTEST_MESSAGE, draft.trim.frames / 4);
    if (draft.trim.frames != Trim.UNLIMITED && length > room) {
      draft.notes.cut(MESSAGE_NAME, length);
      length = Utf8.cut(bytes, offset, room);
    }
    out.member(MESSAGE).quote();
    Secrets.writeMessage(out, bytes, offset, length);
    out.quote();
  }

  /** One frame; a place that is unknown has length 0, a line that is unknown is 0. */
  void frame(byte[] bytes, int path, int pathLength, long line, int label, int labelLength) {
    if (out.size() - sizeBefore > draft.trim.frames) {
      cutFrames++;
      return;
    }
    if (frames++ == 0) out.member(STACK).put('[');
    out.comma();
    out.put('{');
    if (pathLength > 0) out.member(PATH).string(bytes, path, pathLength);
    if (line > 0) out.member(LINE).number(line);
    if (labelLength > 0) out.member(LABEL).string(bytes, label, labelLength);
    out.put('}');
  }

  int frames() {
    return frames + cutFrames;
  }

  private void end(boolean hasCause) {
    if (!open) return;
    if (frames > 0) out.put(']');
    allFrames += frames();
    if (cutFrames > 0) {
      out.member(TRUNCATED).number(cutFrames);
      allCut += cutFrames;
    }
    if (hasCause) {
      out.member(CAUSE);
      out.quote();
      out.hex(id(count), 16);
      out.quote();
    }
    out.put('}');
    open = false;
  }

  void finish() {
    end(false);
    draft.trim.framesTook = out.size() - sizeBefore;
    if (allCut > 0) draft.notes.cutFrom(FRAMES_NAME, allFrames);
  }
}
