package io.raybridge.exporters.debug;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;

/** Where an exporter's text goes. */
sealed interface Printer {
  /** Opens what is printed to. */
  default void open() throws IOException {}

  /** Closes what was opened; safe to repeat. */
  default void close() throws IOException {}

  /** Prints a text, with fields behind it. */
  void print(String text, List<Entry<String, Integer>> fields);

  /** The collector's own log, which makes fields of entries. */
  record ToLog(System.Logger log) implements Printer {
    @Override
    public void print(String text, List<Entry<String, Integer>> fields) {
      log.log(System.Logger.Level.INFO, text, fields.toArray());
    }
  }

  /** Standard streams and files, without time and level. */
  final class ToPaths implements Printer {
    private final List<String> paths;
    private final List<OutputStream> streams = new ArrayList<>();

    ToPaths(List<String> paths) {
      this.paths = paths;
    }

    @Override
    public synchronized void open() throws IOException {
      for (var path : paths) {
        streams.add(
            switch (path) {
              case "stdout" -> new Unclosed(System.out);
              case "stderr" -> new Unclosed(System.err);
              default -> new FileOutputStream(path, true);
            });
      }
    }

    @Override
    public synchronized void close() throws IOException {
      for (var stream : streams) stream.close();
      streams.clear();
    }

    @Override
    public synchronized void print(String text, List<Entry<String, Integer>> fields) {
      var line = new StringBuilder(text);
      for (int i = 0; i < fields.size(); i++) {
        line.append(i == 0 ? "\t{\"" : ", \"").append(fields.get(i).getKey());
        line.append("\": ").append(fields.get(i).getValue());
      }
      line.append(fields.isEmpty() ? "\n" : "}\n");
      var bytes = line.toString().getBytes(StandardCharsets.UTF_8);
      try {
        for (var stream : streams) {
          stream.write(bytes);
          stream.flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A stream that outlives the exporter. */
  final class Unclosed extends java.io.FilterOutputStream {
    private Unclosed(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
