package io.raybridge.local.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of a volume. */
final class Schema {
  private static final int VERSION = 1;

  /**
   * Rows of documents lie in the order in which their traces came, so that writing touches the end
   * of the file and reading a trace few pages. A trace's number means nothing outside its volume.
   */
  private static final String[] TABLES = {
    """
    create table volume(schema_version int not null, created_us bigint not null)
    """,
    """
    create table trace(
      no bigint primary key,
      id varchar(35) not null unique,
      start_us bigint not null,
      first_us bigint not null,
      last_us bigint not null,
      updated_us bigint not null,
      revision int not null,
      bytes bigint not null)
    """,
    """
    create index trace_start on trace(start_us desc, id desc)
    """,
    """
    create table document(
      trace bigint not null,
      id varchar(16) not null,
      complete boolean not null,
      start_us bigint not null,
      end_us bigint not null,
      json varbinary(1048576) not null,
      primary key(trace, id))
    """,
    """
    create table series(
      no bigint generated always as identity primary key,
      namespace varchar not null,
      name varchar not null,
      dimensions varchar not null,
      unit varchar not null,
      latest_us bigint not null,
      latest varchar not null,
      updated_us bigint not null,
      data bigint not null,
      unique(namespace, name, dimensions, unit))
    """,
    """
    create table datum(series bigint not null, at_us bigint not null, measured varchar not null)
    """
  };

  private Schema() {}

  /** Makes the tables where there are none, and says when the volume was begun. */
  static long prepare(Connection connection, long now) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!exists(statement)) create(statement, now);
      connection.commit();
      try (ResultSet row =
          statement.executeQuery("select schema_version, created_us from volume")) {
        if (!row.next()) throw new SQLException("table volume is empty");
        if (row.getInt(1) != VERSION) {
          throw new SQLException(
              "schema version " + row.getInt(1) + " (expected: " + VERSION + ")");
        }
        return row.getLong(2);
      }
    }
  }

  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select 1 from information_schema.tables where table_name = 'VOLUME'")) {
      return row.next();
    }
  }

  /** The row of {@code volume} comes last: a volume without it died while it was made. */
  private static void create(Statement statement, long now) throws SQLException {
    for (String table : TABLES) {
      statement.execute(
          table
              .replace("create table ", "create table if not exists ")
              .replace("create index ", "create index if not exists "));
    }
    statement.execute("insert into volume values(" + VERSION + ", " + now + ")");
  }
}
