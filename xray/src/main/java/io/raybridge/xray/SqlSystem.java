package io.raybridge.xray;

import io.raybridge.data.view.KeyTable;
import java.util.List;

/** The SQL databases of the OpenTelemetry registry, by their old and their stable names. */
enum SqlSystem {
  /** Strings in single quotes, names in double quotes. */
  STANDARD,
  /** Backslash escapes in strings, double quotes are strings too, {@code #} begins a comment. */
  MYSQL,
  /** {@code E'...'} with backslashes, {@code $tag$...$tag$}. */
  POSTGRESQL,
  /** {@code [names]}. */
  SQL_SERVER,
  /** {@code q'[...]'}. */
  ORACLE;

  private static final List<String> NAMES =
      List.of(
          "actian.ingres",
          "adabas",
          "aws.redshift",
          "cache",
          "clickhouse",
          "cloudscape",
          "cockroachdb",
          "coldfusion",
          "db2",
          "derby",
          "edb",
          "filemaker",
          "firebird",
          "firebirdsql",
          "firstsql",
          "gcp.spanner",
          "h2",
          "h2database",
          "hanadb",
          "hive",
          "hsqldb",
          "ibm.db2",
          "ibm.informix",
          "ibm.netezza",
          "informix",
          "ingres",
          "instantdb",
          "interbase",
          "intersystems_cache",
          "mariadb",
          "maxdb",
          "microsoft.sql_server",
          "mssql",
          "mssqlcompact",
          "mysql",
          "netezza",
          "oracle",
          "oracle.db",
          "other_sql",
          "pervasive",
          "pointbase",
          "postgresql",
          "progress",
          "redshift",
          "sap.hana",
          "sap.maxdb",
          "softwareag.adabas",
          "spanner",
          "sqlite",
          "sybase",
          "teradata",
          "trino",
          "vertica");

  private static final KeyTable TABLE = KeyTable.of(NAMES);
  private static final SqlSystem[] DIALECTS =
      NAMES.stream().map(SqlSystem::dialect).toArray(SqlSystem[]::new);

  /** Databases that are none of SQL's, with languages that write literals as it does. */
  private static final KeyTable ALIKE =
      KeyTable.of(
          List.of(
              "aws.dynamodb",
              "azure.cosmosdb",
              "cassandra",
              "cosmosdb",
              "couchbase",
              "dynamodb",
              "influxdb"));

  /** Whether literals of this system's statements look as SQL's do, though it has no sql block. */
  static boolean isAlike(byte[] bytes, int offset, int length) {
    return ALIKE.id(bytes, offset, length) > 0;
  }

  /** The dialect of this system, null when it is no SQL database. */
  static @org.jspecify.annotations.Nullable SqlSystem of(byte[] bytes, int offset, int length) {
    int id = TABLE.id(bytes, offset, length);
    return id == 0 ? null : DIALECTS[id - 1];
  }

  private static SqlSystem dialect(String name) {
    return switch (name) {
      case "mysql", "mariadb" -> MYSQL;
      case "postgresql", "cockroachdb", "redshift", "aws.redshift", "edb" -> POSTGRESQL;
      case "mssql", "mssqlcompact", "microsoft.sql_server", "sybase" -> SQL_SERVER;
      case "oracle", "oracle.db" -> ORACLE;
      default -> STANDARD;
    };
  }
}
