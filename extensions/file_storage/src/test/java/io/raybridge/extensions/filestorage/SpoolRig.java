package io.raybridge.extensions.filestorage;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.config.Binder;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A spool under test in a running extension. Closing it is the end of a process that stops in
 * order.
 */
final class SpoolRig implements AutoCloseable {
  static final ComponentId OWNER = ComponentId.of(Kind.EXPORTER, "otlp");

  final TestContext context;
  final FileStorage storage;
  final Spool spool;
  final Path folder;

  SpoolRig(Path directory, String... keys) {
    var yaml = "directory: " + directory + "\n" + String.join("\n", keys);
    var config = Binder.bind(FileStorageConfig.class, yaml).orThrow();
    context = TestContext.of(Kind.EXTENSION, "file_storage", Clock.SYSTEM, directory);
    storage = new FileStorage(config, context.context());
    folder = directory.resolve("exporter_otlp_traces");
    try {
      storage.start();
      spool = storage.open(OWNER, "traces");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client's request on its way. */
  static final class Answer implements Spool.Appending {
    final CompletableFuture<Object> answer = new CompletableFuture<>();
    private final boolean keep;
    private volatile boolean first;
    private volatile boolean left;

    Answer(boolean keep) {
      this.keep = keep;
    }

    @Override
    public boolean written(Spool.Position position, boolean isFirst) {
      first = isFirst;
      if (keep && isFirst) answer.complete(position);
      return keep;
    }

    @Override
    public void unread() {
      left = true;
      answer.complete("left");
    }

    @Override
    public void failed(Outcome.Retry why) {
      answer.complete(why);
    }

    boolean wasFirst() {
      return first;
    }

    boolean wasLeft() {
      return left;
    }

    Object get() {
      try {
        return answer.get(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Appends what is not kept in memory. */
  SpoolRig append(String... contents) {
    for (var content : contents) {
      var answer = offer(content, false);
      if (answer.get() instanceof Outcome.Retry why) throw new AssertionError(why);
    }
    return this;
  }

  /** Appends what is kept in memory, and gives its place. */
  Spool.Position keep(String content) {
    if (offer(content, true).get() instanceof Spool.Position position) return position;
    throw new AssertionError("not kept: " + content);
  }

  Answer offer(String content, boolean keep) {
    var answer = new Answer(keep);
    // In two arrays, as batches that were put together are.
    var bytes = bytes(content);
    var half = new byte[bytes.length / 2];
    var rest = new byte[bytes.length - half.length];
    System.arraycopy(bytes, 0, half, 0, half.length);
    System.arraycopy(bytes, half.length, rest, 0, rest.length);
    spool.append(List.of(half, rest), content.length(), answer);
    return answer;
  }

  /** All that is unread; what is damaged as a question mark. */
  List<String> read() {
    return entries().stream().map(SpoolRig::text).toList();
  }

  List<Spool.Entry> entries() {
    var entries = new ArrayList<Spool.Entry>();
    for (Spool.Entry entry; (entry = spool.read()) != null; ) entries.add(entry);
    return entries;
  }

  void settle(Spool.Entry... entries) {
    for (var entry : entries) spool.settle(List.of(entry.position()));
  }

  static String text(Spool.Entry entry) {
    return entry.content().isEmpty()
        ? "?"
        : new String(entry.content().getFirst(), StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  List<Path> files(String suffix) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  /** Waits until what was settled is seen on the disk. */
  void awaitFiles(int count) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (files(".spool").size() != count) {
      if (System.nanoTime() > end) throw new AssertionError(files(".spool"));
      Thread.onSpinWait();
    }
  }

  List<String> warnings() {
    return context.log().lines(System.Logger.Level.WARNING);
  }

  @Override
  public void close() {
    spool.close();
    storage.stop(context.deadline(Duration.ofSeconds(20)));
  }
}
