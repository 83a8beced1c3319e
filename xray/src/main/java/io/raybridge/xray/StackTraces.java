package io.raybridge.xray;

import io.raybridge.data.view.KeyTable;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the stack traces that the exception events of seven languages carry, as each language
 * prints them, into frames: the innermost call first, the causes as exceptions of their own.
 */
final class StackTraces {
  /** By the words of telemetry.sdk.language. */
  enum Language {
    UNKNOWN,
    JAVA,
    PYTHON,
    JAVASCRIPT,
    DOTNET,
    GO,
    PHP,
    RUBY;

    private static final KeyTable WORDS =
        KeyTable.of(
            List.of(
                "java", "python", "nodejs", "javascript", "webjs", "dotnet", "go", "php", "ruby"));
    private static final Language[] LANGUAGES = {
      UNKNOWN, JAVA, PYTHON, JAVASCRIPT, JAVASCRIPT, JAVASCRIPT, DOTNET, GO, PHP, RUBY
    };

    static Language of(byte[] bytes, int offset, int length) {
      return LANGUAGES[WORDS.id(bytes, offset, length)];
    }
  }

  private static final byte[] AT = Ascii.bytes("at ");
  private static final byte[] CAUSED_BY = Ascii.bytes("Caused by: ");
  private static final byte[] NODE_CAUSE = Ascii.bytes("[cause]: ");
  private static final byte[] COLON = Ascii.bytes(": ");
  private static final byte[] TRACEBACK = Ascii.bytes("Traceback (most recent call last)");
  private static final byte[] FILE = Ascii.bytes("File \"");
  private static final byte[] PYTHON_LINE = Ascii.bytes("\", line ");
  private static final byte[] IN = Ascii.bytes(", in ");
  private static final byte[] DURING = Ascii.bytes("During handling of the above exception");
  private static final byte[] DIRECT = Ascii.bytes("The above exception was the direct cause");
  private static final byte[] DOTNET_IN = Ascii.bytes(" in ");
  private static final byte[] DOTNET_LINE = Ascii.bytes(":line ");
  private static final byte[] DOTNET_INNER = Ascii.bytes("---> ");
  private static final byte[] DOTNET_END = Ascii.bytes("--- End of inner exception stack trace");
  private static final byte[] GOROUTINE = Ascii.bytes("goroutine ");
  private static final byte[] RUBY_FROM = Ascii.bytes("from ");
  private static final byte[] RUBY_IN = Ascii.bytes(":in ");

  private final Exceptions out;
  private byte[] text = new byte[0];
  private int end;
  private int next;
  private int lineStart;
  private int lineEnd;
  private int[] places = new int[64];

  StackTraces(Exceptions out) {
    this.out = out;
  }

  /** Adds frames to the exception begun last, and its causes; false when it finds no frame. */
  boolean write(Language language, byte[] bytes, int offset, int length) {
    text = bytes;
    end = offset + length;
    Language form = language == Language.UNKNOWN ? guess(offset) : language;
    int before = out.count();
    int framesBefore = out.frames();
    switch (form) {
      case JAVA -> java(offset);
      case PYTHON -> python(offset);
      case JAVASCRIPT -> javascript(offset);
      case DOTNET -> dotnet(offset);
      case GO -> go(offset);
      case PHP -> php(offset);
      case RUBY -> ruby(offset);
      case UNKNOWN -> {}
    }
    return out.count() > before || out.frames() > framesBefore;
  }

  private Language guess(int offset) {
    if (Ascii.indexOf(text, offset, end, TRACEBACK) >= 0) return Language.PYTHON;
    start(offset);
    while (line()) {
      int begin = indented();
      if (begin > lineStart && starts(begin, AT)) {
        if (Ascii.indexOf(text, begin, lineEnd, DOTNET_LINE) >= 0) return Language.DOTNET;
        return text[lineStart] == '\t' ? Language.JAVA : Language.JAVASCRIPT;
      }
      if (starts(lineStart, GOROUTINE)) return Language.GO;
      if (text[lineStart] == '#' && lineStart + 1 < lineEnd && text[lineStart + 1] == '0') {
        return Language.PHP;
      }
      if (Ascii.indexOf(text, lineStart, lineEnd, RUBY_IN) >= 0) return Language.RUBY;
    }
    return Language.UNKNOWN;
  }

  // Lines

  private void start(int offset) {
    next = offset;
  }

  /** Goes to the next line that is not empty; false at the end. */
  private boolean line() {
    while (next < end) {
      lineStart = next;
      int stop = lineStart;
      while (stop < end && text[stop] != '\n') stop++;
      next = stop + 1;
      if (stop > lineStart && text[stop - 1] == '\r') stop--;
      lineEnd = stop;
      if (lineEnd > lineStart) return true;
    }
    return false;
  }

  private int indented() {
    int begin = lineStart;
    while (begin < lineEnd && (text[begin] == ' ' || text[begin] == '\t')) begin++;
    return begin;
  }

  private boolean starts(int at, byte[] prefix) {
    return Ascii.startsWith(text, at, lineEnd - at, prefix);
  }

  // Java, and PHP's SDK, which prints like Java

  private void java(int offset) {
    start(offset);
    int indent = -1;
    // The first line repeats the exception's type and message.
    boolean more = line();
    if (more) more = line();
    while (more) {
      int begin = indented();
      if (starts(begin, AT) && text[lineEnd - 1] == ')') {
        // Frames of suppressed exceptions stand further in.
        if (indent < 0) indent = begin - lineStart;
        if (begin - lineStart == indent) javaFrame(begin + AT.length);
      } else if (begin == lineStart && starts(begin, CAUSED_BY) && !out.isFull()) {
        more = javaCause(begin + CAUSED_BY.length);
        continue;
      }
      more = line();
    }
  }

  private void javaFrame(int begin) {
    int open = Ascii.indexOf(text, begin, lineEnd, '(');
    if (open < 0) return;
    // A class loader's or module's name stands before the slash.
    int slash = Ascii.lastIndexOf(text, begin, open, '/');
    int label = slash < 0 ? begin : slash + 1;
    int close = lineEnd - 1;
    int colon = Ascii.lastIndexOf(text, open, close, ':');
    long line = colon < 0 ? 0 : Ascii.number(text, colon + 1, close - colon - 1);
    int pathEnd = line > 0 ? colon : close;
    out.frame(text, open + 1, pathEnd - open - 1, line, label, open - label);
  }

  /** A cause's message may run over several lines, up to its first frame. */
  private boolean javaCause(int begin) {
    int stop = lineEnd;
    int headEnd = lineEnd;
    boolean more = line();
    while (more) {
      int at = indented();
      if (at > lineStart && (starts(at, AT) || text[at] == '.')) break;
      if (at == lineStart && starts(at, CAUSED_BY)) break;
      stop = lineEnd;
      more = line();
    }
    out.beginCause();
    head(begin, headEnd, stop);
    return more;
  }

  /** {@code type: message}, where the message may go on behind the line's end. */
  private void head(int begin, int headEnd, int stop) {
    int colon = Ascii.indexOf(text, begin, headEnd, COLON);
    int typeEnd = colon < 0 ? headEnd : colon;
    if (typeEnd > begin && text[typeEnd - 1] == ':') typeEnd--;
    out.type(text, begin, typeEnd - begin);
    int message = colon < 0 ? headEnd : colon + COLON.length;
    out.message(text, message, stop - message);
  }

  // Python: the oldest exception first, and in each the innermost call last

  private void python(int offset) {
    int blockEnd = end;
    boolean outermost = true;
    while (true) {
      int block = lastTraceback(offset, blockEnd);
      if (block < 0) return;
      if (!outermost) {
        if (out.isFull()) return;
        out.beginCause();
      }
      pythonBlock(block, blockEnd, !outermost);
      outermost = false;
      blockEnd = block;
    }
  }

  private int lastTraceback(int from, int to) {
    for (int i = to - TRACEBACK.length; i >= from; i--) {
      if (text[i] == 'T' && Ascii.startsWith(text, i, to - i, TRACEBACK)) return i;
    }
    return -1;
  }

  private void pythonBlock(int begin, int stop, boolean withHead) {
    int all = end;
    end = stop;
    int frames = 0;
    int head = -1;
    int headEnd = -1;
    int messageEnd = -1;
    start(begin);
    line();
    while (line()) {
      int at = indented();
      if (head < 0 && at > lineStart && starts(at, FILE)) {
        if (2 * frames + 2 > places.length) places = Arrays.copyOf(places, places.length * 2);
        places[2 * frames] = at;
        places[2 * frames++ + 1] = lineEnd;
      } else if (head < 0 && at == lineStart) {
        head = lineStart;
        headEnd = messageEnd = lineEnd;
      } else if (head >= 0) {
        if (starts(lineStart, DURING) || starts(lineStart, DIRECT)) break;
        messageEnd = lineEnd;
      }
    }
    if (withHead && head >= 0) head(head, headEnd, messageEnd);
    for (int i = frames - 1; i >= 0; i--) pythonFrame(places[2 * i], places[2 * i + 1]);
    end = all;
  }

  private void pythonFrame(int at, int stop) {
    int path = at + FILE.length;
    int quote = Ascii.indexOf(text, path, stop, PYTHON_LINE);
    if (quote < 0) return;
    int digits = quote + PYTHON_LINE.length;
    int comma = Ascii.indexOf(text, digits, stop, IN);
    int digitsEnd = comma < 0 ? stop : comma;
    int label = comma < 0 ? stop : comma + IN.length;
    long line = Ascii.number(text, digits, digitsEnd - digits);
    out.frame(text, path, quote - path, line, label, stop - label);
  }

  // JavaScript: V8's "at label (path:line:column)" and the others' "label@path:line:column"

  private void javascript(int offset) {
    start(offset);
    int indent = -1;
    while (line()) {
      int begin = indented();
      if (starts(begin, AT) && begin > lineStart) {
        if (indent < 0) indent = begin - lineStart;
        v8Frame(begin + AT.length);
      } else if (starts(begin, NODE_CAUSE) && !out.isFull()) {
        out.beginCause();
        head(begin + NODE_CAUSE.length, lineEnd, lineEnd);
      } else if (starts(begin, CAUSED_BY) && !out.isFull()) {
        out.beginCause();
        head(begin + CAUSED_BY.length, lineEnd, lineEnd);
      } else {
        geckoFrame(begin);
      }
    }
  }

  private void v8Frame(int begin) {
    int stop = lineEnd;
    // Node prints the error's own members, its cause among them, in braces behind the last frame.
    if (stop - begin > 2 && text[stop - 1] == '{' && text[stop - 2] == ' ') stop -= 2;
    int open = Ascii.lastIndexOf(text, begin, stop, '(');
    if (open >= 0 && text[stop - 1] == ')') {
      int label = open;
      while (label > begin && text[label - 1] == ' ') label--;
      location(open + 1, stop - 1, begin, label - begin);
    } else {
      location(begin, stop, begin, 0);
    }
  }

  private void geckoFrame(int begin) {
    int at = Ascii.indexOf(text, begin, lineEnd, '@');
    if (at < 0) return;
    int colon = Ascii.lastIndexOf(text, at, lineEnd, ':');
    if (colon < 0 || Ascii.number(text, colon + 1, lineEnd - colon - 1) < 0) return;
    location(at + 1, lineEnd, begin, at - begin);
  }

  /** {@code path:line:column}, where the path may have colons of its own. */
  private void location(int begin, int stop, int label, int labelLength) {
    int last = Ascii.lastIndexOf(text, begin, stop, ':');
    int first = last < 0 ? -1 : Ascii.lastIndexOf(text, begin, last, ':');
    long line = first < 0 ? -1 : Ascii.number(text, first + 1, last - first - 1);
    if (line >= 0 && Ascii.number(text, last + 1, stop - last - 1) >= 0) {
      out.frame(text, begin, first - begin, line, label, labelLength);
      return;
    }
    line = last < 0 ? -1 : Ascii.number(text, last + 1, stop - last - 1);
    out.frame(text, begin, (line < 0 ? stop : last) - begin, line, label, labelLength);
  }

  // .NET: inner exceptions are announced first, and the innermost's frames come first

  private void dotnet(int offset) {
    int inner = 0;
    int firstFrame = end;
    start(offset);
    while (line()) {
      int begin = indented();
      if (starts(begin, AT) && begin > lineStart) {
        firstFrame = lineStart;
        break;
      }
      int arrow = Ascii.indexOf(text, begin, lineEnd, DOTNET_INNER);
      if (arrow < 0) continue;
      if (2 * inner + 2 > places.length) places = Arrays.copyOf(places, places.length * 2);
      places[2 * inner] = arrow + DOTNET_INNER.length;
      places[2 * inner++ + 1] = lineEnd;
    }
    inner = Math.min(inner, 32);
    for (int level = 0; level <= inner; level++) {
      if (level > 0) {
        out.beginCause();
        head(places[2 * level - 2], places[2 * level - 1], places[2 * level - 1]);
      }
      dotnetFrames(firstFrame, inner - level);
    }
  }

  /** The frames behind as many ends of inner traces. */
  private void dotnetFrames(int offset, int ends) {
    start(offset);
    int seen = 0;
    while (line()) {
      int begin = indented();
      if (starts(begin, DOTNET_END)) {
        if (++seen > ends) return;
      } else if (seen == ends && starts(begin, AT)) {
        dotnetFrame(begin + AT.length);
      }
    }
  }

  private void dotnetFrame(int begin) {
    int in = Ascii.indexOf(text, begin, lineEnd, DOTNET_IN);
    if (in < 0) {
      int close = Ascii.lastIndexOf(text, begin, lineEnd, ')');
      out.frame(text, begin, 0, 0, begin, (close < 0 ? lineEnd : close + 1) - begin);
      return;
    }
    int path = in + DOTNET_IN.length;
    int mark = Ascii.indexOf(text, path, lineEnd, DOTNET_LINE);
    int pathEnd = mark < 0 ? lineEnd : mark;
    int digits = mark < 0 ? lineEnd : mark + DOTNET_LINE.length;
    long line = Ascii.number(text, digits, lineEnd - digits);
    out.frame(text, path, pathEnd - path, line, begin, in - begin);
  }

  // Go: a line with the function, a line with its place

  private void go(int offset) {
    start(offset);
    while (line()) {
      if (starts(lineStart, GOROUTINE) || text[lineStart] == '\t') continue;
      int label = lineStart;
      int labelEnd = lineEnd;
      if (next >= end || text[next] != '\t' || !line()) continue;
      int path = indented();
      int stop = path;
      while (stop < lineEnd && text[stop] != ' ') stop++;
      int colon = Ascii.lastIndexOf(text, path, stop, ':');
      long line = colon < 0 ? -1 : Ascii.number(text, colon + 1, stop - colon - 1);
      out.frame(text, path, (line < 0 ? stop : colon) - path, line, label, labelEnd - label);
    }
  }

  // PHP's own form: "#0 path(line): call"

  private void php(int offset) {
    start(offset);
    boolean found = false;
    while (line()) {
      int space = Ascii.indexOf(text, lineStart, lineEnd, ' ');
      if (text[lineStart] != '#' || space < 0) continue;
      if (Ascii.number(text, lineStart + 1, space - lineStart - 1) < 0) continue;
      phpFrame(space + 1);
      found = true;
    }
    if (!found) java(offset);
  }

  private void phpFrame(int begin) {
    int colon = Ascii.indexOf(text, begin, lineEnd, COLON);
    int close = colon - 1;
    int open = colon < 0 || text[close] != ')' ? -1 : Ascii.lastIndexOf(text, begin, close, '(');
    if (open < 0) {
      out.frame(text, begin, 0, 0, begin, lineEnd - begin);
      return;
    }
    int label = colon + COLON.length;
    long line = Ascii.number(text, open + 1, close - open - 1);
    out.frame(text, begin, open - begin, line, label, lineEnd - label);
  }

  // Ruby: "path:line:in `label': message (Type)", then "\tfrom path:line:in `label'"

  private void ruby(int offset) {
    start(offset);
    boolean first = true;
    while (line()) {
      int begin = indented();
      boolean from = starts(begin, RUBY_FROM);
      if (from) begin += RUBY_FROM.length;
      int in = Ascii.indexOf(text, begin, lineEnd, RUBY_IN);
      if (in < 0) continue;
      int colon = Ascii.lastIndexOf(text, begin, in, ':');
      long line = colon < 0 ? -1 : Ascii.number(text, colon + 1, in - colon - 1);
      if (line < 0) continue;
      int label = in + RUBY_IN.length;
      int close = label < lineEnd ? Ascii.indexOf(text, label + 1, lineEnd, '\'') : -1;
      if (close < 0) continue;
      int message = close + 1 + COLON.length;
      boolean head = !from && message < lineEnd && text[close + 1] == ':';
      if (head && !first && !out.isFull()) rubyCause(message);
      first = false;
      out.frame(text, begin, colon - begin, line, label + 1, close - label - 1);
    }
  }

  /** {@code message (Type)} */
  private void rubyCause(int begin) {
    out.beginCause();
    int open = Ascii.lastIndexOf(text, begin, lineEnd, '(');
    boolean typed = open > begin && text[lineEnd - 1] == ')';
    if (typed) out.type(text, open + 1, lineEnd - open - 2);
    out.message(text, begin, (typed ? open - 1 : lineEnd) - begin);
  }
}
