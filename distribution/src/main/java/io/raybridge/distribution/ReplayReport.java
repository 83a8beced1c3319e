package io.raybridge.distribution;

import io.raybridge.api.FileFault;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Redelivery.Returned;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of each file of dead letters what became of them, and writes down what is left. */
final class ReplayReport implements AutoCloseable {
  private static final int LINES = 20;

  private final PrintWriter out;
  private final @Nullable OutputStream rest;
  private final Map<String, Group> returned = new LinkedHashMap<>();
  private Path file = Path.of("");
  private int sent;
  private int refused;
  private int unsent;
  private int skipped;
  private boolean unreadable;

  /**
   * @throws IOException when the file for the rest is there already or cannot be made
   */
  ReplayReport(PrintWriter out, @Nullable Path rest) throws IOException {
    this.out = out;
    this.rest = rest == null ? null : create(rest);
  }

  /** Letters that did not arrive for the same reason. */
  private static final class Group {
    private int letters;
    private @Nullable String firstTrace;
  }

  void begin(Path of) {
    file = of;
    returned.clear();
    sent = 0;
    refused = 0;
    unsent = 0;
    skipped = 0;
    unreadable = false;
  }

  void skipped(int line, String why) {
    if (++skipped <= LINES) out.println(file + ":" + line + ": skipped: " + why);
    if (skipped == LINES + 1) out.println(file + ": more lines are skipped");
  }

  void unreadable(IOException why) {
    unreadable = true;
    out.println(file + ": cannot be read: " + FileFault.of(why));
  }

  void tried(List<DeadLetter> letters, List<Returned> back) {
    // Of one that was parted several parts may be back.
    sent += Math.max(0, letters.size() - back.size());
    for (var each : back) {
      if (each.refused()) refused++;
      else unsent++;
      var words = each.refused() ? "refused: " : "not sent: ";
      var group =
          returned.computeIfAbsent(words + each.code() + ": " + each.message(), _ -> new Group());
      group.letters++;
      if (group.firstTrace == null) group.firstTrace = each.document().traceId();
    }
    if (rest != null && !back.isEmpty()) keep(letters.getFirst(), back);
  }

  private void keep(DeadLetter like, List<Returned> back) {
    for (var each : back) {
      var letter =
          new DeadLetter(
              Instant.now(),
              like.component(),
              like.signal(),
              each.refused() ? "rejected" : "unavailable",
              each.code(),
              each.message(),
              each.document());
      try {
        if (rest != null) rest.write(letter.line());
      } catch (IOException e) {
        out.println("what is left cannot be written: " + e);
        return;
      }
    }
  }

  /** Prints the sum and says whether every letter arrived. */
  boolean end() {
    int lines = 0;
    for (var each : returned.entrySet()) {
      if (++lines > LINES) {
        out.println(file + ": and for other reasons");
        break;
      }
      var trace = each.getValue().firstTrace;
      out.println(
          file
              + ": "
              + each.getValue().letters
              + " "
              + each.getKey()
              + (trace == null ? "" : " (first trace " + trace + ")"));
    }
    out.printf(
        "%s: %d sent, %d refused, %d not sent, %d lines skipped%n",
        file, sent, refused, unsent, skipped);
    out.flush();
    return refused + unsent + skipped == 0 && !unreadable;
  }

  private static OutputStream create(Path rest) throws IOException {
    if (Files.getFileStore(rest.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          rest, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.newOutputStream(rest, StandardOpenOption.WRITE);
    }
    return Files.newOutputStream(rest, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void close() throws IOException {
    if (rest != null) rest.close();
  }
}
