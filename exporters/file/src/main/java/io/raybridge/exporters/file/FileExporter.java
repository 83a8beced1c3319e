package io.raybridge.exporters.file;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import io.raybridge.exporters.file.FileExporterConfig.Format;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes batches to a file, each whole and before its sender is answered. What cannot be written is
 * not taken: the sender keeps it and tries again.
 */
final class FileExporter implements Exporter {
  private final Format format;
  private final RotatingFile file;
  private final Context context;

  FileExporter(FileExporterConfig config, Context context) {
    this.format = config.format();
    this.file = new RotatingFile(config, context.clock());
    this.context = context;
  }

  @Override
  public void start() throws IOException {
    file.open();
  }

  @Override
  public void stop(Deadline deadline) throws IOException {
    file.close();
  }

  /** Two must not write one file. */
  @Override
  public boolean exclusive() {
    return true;
  }

  @Override
  public Consumer<Traces> traces() {
    return batch -> write(batch, json() ? batch.toOtlpJson() : batch.toOtlp());
  }

  @Override
  public Consumer<Metrics> metrics() {
    return batch -> write(batch, json() ? batch.toOtlpJson() : batch.toOtlp());
  }

  @Override
  public Consumer<Logs> logs() {
    return batch -> write(batch, json() ? batch.toOtlpJson() : batch.toOtlp());
  }

  private boolean json() {
    return format == Format.JSON;
  }

  private Outcome write(Batch batch, byte[] encoded) {
    try {
      file.write(json() ? line(encoded) : prefixed(encoded));
    } catch (IOException e) {
      return Outcome.unavailable("cannot write to " + file + ": " + e.getMessage());
    }
    context.ledger().accepted(batch.signal(), batch.items());
    context.ledger().delivered(batch.signal(), batch.items());
    return Outcome.ACCEPTED;
  }

  private static byte[] line(byte[] json) {
    return ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').array();
  }

  private static byte[] prefixed(byte[] proto) {
    return ByteBuffer.allocate(proto.length + 4).putInt(proto.length).put(proto).array();
  }
}
