package io.raybridge.local.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open volume: its connection and the statements prepared on it. */
final class Session implements AutoCloseable {
  /**
   * {@code write_delay=0} writes with the commit: what was answered survives the death of the
   * process. {@code retention_time} is how long freed space is not reused, against power failure
   * under a disk that reorders writes; its default of 45 s costs three times the space under small
   * requests (measured: 94 against 31 MiB for 14 MiB of documents). Compaction is off since whole
   * volumes go, and it never kept up with deleting (a file of 64 MiB meant grew to 1 GiB).
   */
  private static final String SETTINGS =
      ";db_close_on_exit=false;trace_level_file=0;trace_level_system_out=0;compress=true"
          + ";write_delay=0;retention_time=1000;auto_compact_fill_rate=0;max_compact_time=0"
          + ";cache_size=4096";

  private static final String ROW =
      "select no, id, start_us, first_us, last_us, updated_us, revision, bytes from trace ";

  private static final String PAGE =
      " and updated_us >= ? and start_us <= ? and (start_us < ? or id < ?)"
          + " order by start_us desc, id desc limit ?";

  private final Connection connection;
  private final long createdMicros;
  private final PreparedStatement holds;
  private final PreparedStatement row;
  private final PreparedStatement insertTrace;
  private final PreparedStatement updateTrace;
  private final PreparedStatement document;
  private final PreparedStatement documents;
  private final PreparedStatement insertDocument;
  private final PreparedStatement updateDocument;
  private final PreparedStatement series;
  private final PreparedStatement insertSeries;
  private final PreparedStatement updateSeries;
  private final PreparedStatement insertDatum;
  private long nextTrace;

  private Session(Connection connection, long now) throws SQLException {
    this.connection = connection;
    createdMicros = Schema.prepare(connection, now);
    nextTrace = number("select coalesce(max(no), 0) from trace") + 1;
    holds = connection.prepareStatement("select id from trace where id = any(?)");
    row = connection.prepareStatement(ROW + "where id = ?");
    insertTrace = connection.prepareStatement("insert into trace values(?, ?, ?, ?, ?, ?, ?, ?)");
    updateTrace =
        connection.prepareStatement(
            "update trace set start_us = ?, first_us = ?, last_us = ?, updated_us = ?,"
                + " revision = ?, bytes = ? where no = ?");
    document =
        connection.prepareStatement(
            "select complete, start_us, end_us, json from document where trace = ? and id = ?");
    documents =
        connection.prepareStatement(
            "select json from document where trace = ? order by start_us, id");
    insertDocument = connection.prepareStatement("insert into document values(?, ?, ?, ?, ?, ?)");
    updateDocument =
        connection.prepareStatement(
            "update document set complete = ?, start_us = ?, end_us = ?, json = ?"
                + " where trace = ? and id = ?");
    series =
        connection.prepareStatement(
            "select no from series where namespace = ? and name = ? and dimensions = ? and unit = ?");
    insertSeries =
        connection.prepareStatement(
            "insert into series(namespace, name, dimensions, unit, latest_us, latest, updated_us, data)"
                + " values(?, ?, ?, ?, ?, ?, ?, 0)",
            PreparedStatement.RETURN_GENERATED_KEYS);
    updateSeries =
        connection.prepareStatement(
            "update series set latest = case when ? >= latest_us then ? else latest end,"
                + " latest_us = greatest(latest_us, ?), updated_us = ?, data = data + 1"
                + " where no = ?");
    insertDatum = connection.prepareStatement("insert into datum values(?, ?, ?)");
  }

  static Session open(String database, long now) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:h2:file:" + database.replace(";", "\\;") + SETTINGS, "", "");
    try {
      connection.setAutoCommit(false);
      return new Session(connection, now);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  long createdMicros() {
    return createdMicros;
  }

  long updatedMicros() throws SQLException {
    return Math.max(
        number("select coalesce(max(updated_us), 0) from trace"),
        number("select coalesce(max(updated_us), 0) from series"));
  }

  Set<String> holds(Collection<String> traceIds) throws SQLException {
    holds.setObject(1, traceIds.toArray());
    Set<String> found = new HashSet<>();
    try (ResultSet rows = holds.executeQuery()) {
      while (rows.next()) found.add(rows.getString(1));
    }
    return found;
  }

  void put(Map<String, List<Document>> traces, long now, List<Document> refused)
      throws SQLException {
    for (var trace : traces.entrySet()) put(trace.getKey(), trace.getValue(), now, refused);
    insertTrace.executeBatch();
    updateTrace.executeBatch();
    insertDocument.executeBatch();
    updateDocument.executeBatch();
    connection.commit();
  }

  private void put(String traceId, List<Document> sent, long now, List<Document> refused)
      throws SQLException {
    Numbered before = row(traceId);
    long no = before == null ? nextTrace++ : before.no();
    TraceRow after = before == null ? null : before.row();
    Map<String, Document> changed = new HashMap<>();
    Map<String, Boolean> stored = new HashMap<>();
    for (Document document : sent) {
      Document previous = changed.get(document.id());
      if (previous == null && before != null) {
        previous = document(no, document);
        stored.putIfAbsent(document.id(), previous != null);
      }
      if (previous != null && !replaces(document, previous)) continue;
      if (after != null && after.full()) {
        refused.add(document);
        continue;
      }
      int bytesBefore = previous == null ? 0 : previous.size();
      after =
          after == null ? TraceRow.first(document, now) : after.with(document, bytesBefore, now);
      changed.put(document.id(), document);
    }
    if (after == null || changed.isEmpty()) return;
    for (Document document : changed.values()) {
      if (stored.getOrDefault(document.id(), false)) update(no, document);
      else insert(no, document);
    }
    if (before == null) insert(no, after);
    else update(no, after);
  }

  /** The same document sent again changes nothing, and a late one in progress neither. */
  private static boolean replaces(Document document, Document previous) {
    if (previous.complete() && !document.complete()) return false;
    return !previous.json().equals(document.json());
  }

  private @Nullable Numbered row(String traceId) throws SQLException {
    row.setString(1, traceId);
    try (ResultSet rows = row.executeQuery()) {
      return rows.next() ? new Numbered(rows.getLong(1), row(rows)) : null;
    }
  }

  private @Nullable Document document(long no, Document like) throws SQLException {
    document.setLong(1, no);
    document.setString(2, like.id());
    try (ResultSet rows = document.executeQuery()) {
      if (!rows.next()) return null;
      return new Document(
          like.traceId(),
          like.id(),
          rows.getBoolean(1),
          rows.getLong(2),
          rows.getLong(3),
          text(rows, 4));
    }
  }

  private void insert(long no, Document document) throws SQLException {
    insertDocument.setLong(1, no);
    insertDocument.setString(2, document.id());
    insertDocument.setBoolean(3, document.complete());
    insertDocument.setLong(4, document.startMicros());
    insertDocument.setLong(5, document.endMicros());
    insertDocument.setBytes(6, document.json().getBytes(UTF_8));
    insertDocument.addBatch();
  }

  private void update(long no, Document document) throws SQLException {
    updateDocument.setBoolean(1, document.complete());
    updateDocument.setLong(2, document.startMicros());
    updateDocument.setLong(3, document.endMicros());
    updateDocument.setBytes(4, document.json().getBytes(UTF_8));
    updateDocument.setLong(5, no);
    updateDocument.setString(6, document.id());
    updateDocument.addBatch();
  }

  private void insert(long no, TraceRow trace) throws SQLException {
    insertTrace.setLong(1, no);
    insertTrace.setString(2, trace.id());
    insertTrace.setLong(3, trace.startMicros());
    insertTrace.setLong(4, trace.firstMicros());
    insertTrace.setLong(5, trace.lastMicros());
    insertTrace.setLong(6, trace.updatedMicros());
    insertTrace.setInt(7, trace.revision());
    insertTrace.setLong(8, trace.bytes());
    insertTrace.addBatch();
  }

  private void update(long no, TraceRow trace) throws SQLException {
    updateTrace.setLong(1, trace.startMicros());
    updateTrace.setLong(2, trace.firstMicros());
    updateTrace.setLong(3, trace.lastMicros());
    updateTrace.setLong(4, trace.updatedMicros());
    updateTrace.setInt(5, trace.revision());
    updateTrace.setLong(6, trace.bytes());
    updateTrace.setLong(7, no);
    updateTrace.addBatch();
  }

  void putMetrics(List<Datum> data, long now) throws SQLException {
    Map<Series, Long> numbers = new HashMap<>();
    for (Datum datum : data) {
      Long no = numbers.get(datum.series());
      if (no == null) {
        no = number(datum, now);
        numbers.put(datum.series(), no);
      }
      updateSeries.setLong(1, datum.atMicros());
      updateSeries.setString(2, datum.values());
      updateSeries.setLong(3, datum.atMicros());
      updateSeries.setLong(4, now);
      updateSeries.setLong(5, no);
      updateSeries.addBatch();
      insertDatum.setLong(1, no);
      insertDatum.setLong(2, datum.atMicros());
      insertDatum.setString(3, datum.values());
      insertDatum.addBatch();
    }
    updateSeries.executeBatch();
    insertDatum.executeBatch();
    connection.commit();
  }

  private long number(Datum datum, long now) throws SQLException {
    set(series, datum.series());
    try (ResultSet rows = series.executeQuery()) {
      if (rows.next()) return rows.getLong(1);
    }
    set(insertSeries, datum.series());
    insertSeries.setLong(5, datum.atMicros());
    insertSeries.setString(6, datum.values());
    insertSeries.setLong(7, now);
    insertSeries.executeUpdate();
    try (ResultSet keys = insertSeries.getGeneratedKeys()) {
      keys.next();
      return keys.getLong(1);
    }
  }

  private static void set(PreparedStatement statement, Series series) throws SQLException {
    statement.setString(1, series.namespace());
    statement.setString(2, series.name());
    statement.setString(3, series.dimensions());
    statement.setString(4, series.unit());
  }

  List<TraceRow> list(Window window, Position after, long updatedSince, int limit)
      throws SQLException {
    String condition =
        switch (window.by()) {
          case START -> "where start_us >= ? and start_us < ?";
          case ACTIVITY -> "where last_us >= ? and first_us < ?";
          case SEGMENT_END ->
              "where last_us >= ? and exists(select 1 from document d"
                  + " where d.trace = no and d.complete and d.end_us >= ? and d.end_us < ?)";
        };
    try (PreparedStatement page = connection.prepareStatement(ROW + condition + PAGE)) {
      int at = 1;
      if (window.by() == Window.By.SEGMENT_END) page.setLong(at++, window.fromMicros());
      page.setLong(at++, window.fromMicros());
      page.setLong(at++, window.toMicros());
      page.setLong(at++, updatedSince);
      page.setLong(at++, after.startMicros());
      page.setLong(at++, after.startMicros());
      page.setString(at++, after.traceId());
      page.setInt(at, limit);
      List<TraceRow> found = new ArrayList<>();
      try (ResultSet rows = page.executeQuery()) {
        while (rows.next()) found.add(row(rows));
      }
      return found;
    }
  }

  List<StoredTrace> trace(String id, long updatedSince) throws SQLException {
    Numbered trace = row(id);
    if (trace == null || trace.row().updatedMicros() < updatedSince) return List.of();
    List<String> found = new ArrayList<>();
    documents.setLong(1, trace.no());
    try (ResultSet rows = documents.executeQuery()) {
      while (rows.next()) found.add(text(rows, 1));
    }
    return List.of(new StoredTrace(trace.row(), found));
  }

  List<SeriesRow> series(long updatedSince, int limit) throws SQLException {
    List<SeriesRow> found = new ArrayList<>();
    try (PreparedStatement latest =
        connection.prepareStatement(
            "select namespace, name, dimensions, unit, latest_us, latest, data from series"
                + " where updated_us >= ? order by updated_us desc, no limit ?")) {
      latest.setLong(1, updatedSince);
      latest.setInt(2, limit);
      try (ResultSet rows = latest.executeQuery()) {
        while (rows.next()) {
          var series =
              new Series(
                  rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4));
          found.add(
              new SeriesRow(
                  new Datum(series, rows.getLong(5), rows.getString(6)), rows.getLong(7)));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing is lost: each commit has been written, and the next to open repairs the rest.
      System.getLogger(Session.class.getName()).log(System.Logger.Level.DEBUG, "closing", e);
    }
  }

  private long number(String query) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static TraceRow row(ResultSet rows) throws SQLException {
    return new TraceRow(
        rows.getString(2),
        rows.getLong(3),
        rows.getLong(4),
        rows.getLong(5),
        rows.getLong(6),
        rows.getInt(7),
        rows.getLong(8));
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    return new String(rows.getBytes(column), UTF_8);
  }

  private record Numbered(long no, TraceRow row) {}
}
