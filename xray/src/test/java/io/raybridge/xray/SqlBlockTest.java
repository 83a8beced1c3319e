package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SqlBlockTest {
  @Test
  void oldNames_giveTheBlock() {
    JsonNode sql =
        Otlp.client()
            .withAll(
                Map.of(
                    "db.system", "postgresql",
                    "db.name", "shop",
                    "db.user", "app",
                    "db.connection_string", "postgresql://db:5432",
                    "db.statement", "SELECT 1 FROM t"))
            .document()
            .path("sql");

    assertThat(sql)
        .isEqualTo(
            Otlp.parse(
                """
                {"connection_string": "postgresql://db:5432", "url": "postgresql://db:5432/shop",
                 "database_type": "postgresql", "user": "app",
                 "sanitized_query": "SELECT ? FROM t"}\
                """));
  }

  @Test
  void stableNames_giveTheBlock() {
    JsonNode sql =
        Otlp.client()
            .withAll(
                Map.of(
                    "db.system.name", "postgresql",
                    "db.namespace", "shop",
                    "server.address", "db",
                    "server.port", 5432,
                    "db.query.text", "SELECT a FROM t"))
            .document()
            .path("sql");

    assertThat(sql)
        .isEqualTo(
            Otlp.parse(
                """
                {"url": "postgresql://db:5432/shop", "database_type": "postgresql",
                 "sanitized_query": "SELECT a FROM t"}\
                """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Server=db;Database=shop", "host=db dbname=shop", "h2:mem:"})
  void connectionStringThatIsNoUrl_isLeftAsItIs(String connection) {
    JsonNode sql =
        Otlp.client()
            .with("db.system", "mssql")
            .with("db.name", "shop")
            .with("db.connection_string", connection)
            .document()
            .path("sql");

    assertThat(sql.path("url").asString()).isEqualTo(connection);
  }

  @Test
  void addressOfTheSocket_isTheHostWhereThereIsNoOther() {
    JsonNode document =
        Otlp.client()
            .with("db.system", "mysql")
            .with("db.name", "shop")
            .with("net.sock.peer.addr", "10.1.2.3")
            .document();

    assertThat(document.at("/sql/url").asString()).isEqualTo("mysql://10.1.2.3/shop");
    assertThat(document.path("name").asString()).isEqualTo("shop@10.1.2.3");
  }

  @Test
  void queryWithoutSystem_isSqlAllTheSame() {
    // otelsql for Go
    JsonNode sql = Otlp.client().with("db.query.text", "SELECT 1").document().path("sql");

    assertThat(sql.path("database_type").asString()).isEqualTo("other_sql");
    assertThat(sql.path("sanitized_query").asString()).isEqualTo("SELECT ?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h2",
        "mssql",
        "microsoft.sql_server",
        "oracle",
        "oracle.db",
        "db2",
        "ibm.db2",
        "mariadb",
        "cockroachdb",
        "clickhouse",
        "sqlite",
        "redshift",
        "aws.redshift",
        "hsqldb",
        "derby",
        "teradata",
        "trino",
        "spanner",
        "gcp.spanner",
        "sap.hana",
        "vertica",
        "other_sql"
      })
  void everySqlSystem_hasABlock(String system) {
    assertThat(Otlp.client().with("db.system", system).document().has("sql")).isTrue();
    assertThat(Otlp.client().with("db.system.name", system).document().has("sql")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis", "mongodb", "memcached", "elasticsearch", "dynamodb"})
  void otherSystems_haveNone(String system) {
    JsonNode document =
        Otlp.client().with("db.system", system).with("db.statement", "GET k").document();

    assertThat(document.has("sql")).isFalse();
    assertThat(document.at("/metadata/default/db.statement").asString()).isEqualTo("GET k");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "STANDARD   | SELECT a1 FROM t2 WHERE id = 7 AND x = -1.5e-3       | SELECT a1 FROM t2 WHERE id = ? AND x = -?",
        "STANDARD   | WHERE n = 'it''s' AND m = N'ü' AND k IN (1, 2,3)     | WHERE n = ? AND m = ? AND k IN (?, ?,?)",
        "STANDARD   | WHERE \"col 1\" = ? AND b = :name AND c = $2          | WHERE \"col 1\" = ? AND b = :name AND c = $2",
        "STANDARD   | SELECT 1 -- it's 5                                   | SELECT ? -- it's 5",
        "STANDARD   | SELECT /* '1' */ 0x1F, .5, 1.                        | SELECT /* '1' */ ?, ?, ?",
        "STANDARD   | WHERE d = DATE '2026-01-01' AND e = TRUE             | WHERE d = DATE ? AND e = TRUE",
        "STANDARD   | WHERE a = 'open                                      | WHERE a = ?",
        "MYSQL      | WHERE a = \"x\" AND b = 'it\\'s' AND `c 1` = 1 # it's | WHERE a = ? AND b = ? AND `c 1` = ? # it's",
        "POSTGRESQL | WHERE a = $$it's$$ AND b = $t$x$t$ AND c = E'\\'' AND d = $1 | WHERE a = ? AND b = ? AND c = ? AND d = $1",
        "POSTGRESQL | WHERE a::int = 5 AND b->>'k' = 'v'                   | WHERE a::int = ? AND b->>? = ?",
        "SQL_SERVER | SELECT [it's 1] FROM t WHERE a = @p1 AND b = N'x'    | SELECT [it's 1] FROM t WHERE a = @p1 AND b = ?",
        "ORACLE     | WHERE a = q'[it's]' AND b = nq'(x)' AND c = :1       | WHERE a = ? AND b = ? AND c = :1",
        "STANDARD   | INSERT INTO t(a,b) VALUES (X'1F', U&'x', 12abc)      | INSERT INTO t(a,b) VALUES (?, ?, ?)"
      })
  void literals_becomeQuestionMarks(SqlSystem dialect, String sql, String masked) {
    assertThat(mask(dialect, sql)).isEqualTo(masked);
  }

  @Test
  void maskedTwice_isTheSame() {
    String once = mask(SqlSystem.STANDARD, "SELECT 'a', 1, \"b\", c2 FROM t WHERE d = 'x''y'");

    assertThat(mask(SqlSystem.STANDARD, once)).isEqualTo(once);
  }

  @Test
  void queryAsAnAnnotation_isMaskedToo() {
    Otlp otlp =
        Otlp.client()
            .with("db.system", "mysql")
            .with("db.statement", "SELECT 'geheim'")
            .with("db.query.text", "SELECT 'geheim', 2");

    JsonNode document = otlp.indexed("db.statement", "db.query.text").document();

    assertThat(document.toString()).doesNotContain("geheim");
    assertThat(document.at("/annotations/db.statement").asString()).isEqualTo("SELECT ?");
    assertThat(document.at("/annotations/db.query.text").asString()).isEqualTo("SELECT ?, ?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cassandra", "azure.cosmosdb", "couchbase", "aws.dynamodb", "influxdb"})
  void literalsOfLanguagesLikeSql_becomeQuestionMarksToo(String system) {
    for (String key : List.of("db.statement", "db.query.text")) {
      Otlp otlp =
          Otlp.client()
              .with("db.system.name", system)
              .with(key, "SELECT * FROM orders WHERE id = 7 AND name = 'ann'");
      String masked = "SELECT * FROM orders WHERE id = ? AND name = ?";

      JsonNode document = otlp.document();
      JsonNode annotated = otlp.indexed(key).document();

      assertThat(document.has("sql")).isFalse();
      assertThat(document.at("/metadata/default").path(key).asString()).isEqualTo(masked);
      assertThat(annotated.at("/annotations").path(key).asString()).isEqualTo(masked);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "redis|SET cart:7 'x'",
        "mongodb|{\"find\": \"orders\", \"id\": 7}",
        "dynamodb|{\"TableName\": \"orders\", \"Limit\": 7}"
      })
  void statementsOfOtherLanguages_stayAsTheyAre(String system, String statement) {
    JsonNode document =
        Otlp.client().with("db.system", system).with("db.statement", statement).document();

    assertThat(document.at("/metadata/default/db.statement").asString()).isEqualTo(statement);
  }

  @Test
  void maskingOff_leavesTheQuery() {
    Otlp otlp = Otlp.client().with("db.system", "mysql").with("db.statement", "SELECT 7");
    otlp.config(
        new TranslationConfig(
            false, List.of(), List.of(), TranslationConfig.EpochCheck.OFF, false, false));

    assertThat(otlp.document().at("/sql/sanitized_query").asString()).isEqualTo("SELECT 7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "postgresql://app:hunter2@db:5432               | postgresql://db:5432",
        "postgresql://db/x?user=app&password=hunter2&ssl=1 | postgresql://db/x?user=app&password=***&ssl=1",
        "Server=db;Database=x;User Id=sa;Password=hunter2;  | Server=db;Database=x;User Id=sa;Password=***;",
        "Server=db;PWD = 'hunter2;y';Trusted=1          | Server=db;PWD =***;Trusted=1",
        "host=db user=app password=hunter2 dbname=x     | host=db user=app password=*** dbname=x",
        "jdbc:oracle:thin:scott/hunter2@//db:1521/x     | jdbc:oracle:thin://db:1521/x",
        "app:hunter2@tcp(db:3306)/x                     | tcp(db:3306)/x",
        "app:hun/hunter2@tcp(db:3306)/x                 | tcp(db:3306)/x",
        "postgresql://app:hunter2/hunter2@db:5432/x     | postgresql://db:5432/x",
        "postgresql://app:1/hunter2@db:5432/x           | postgresql://db:5432/x",
        "postgresql://app:hunter2@hunter2/hunter2@db/x?application_name=a@b | postgresql://db/x?application_name=a@b",
        "mysql://app:hunter2?hunter2#hunter2@db/x       | mysql://db/x",
        "mongodb://app:hunter2/@a:27017,b:27017/x       | mongodb://a:27017,b:27017/x",
        "jdbc:sqlserver://db:1433;user=sa;password={hunter2};encrypt=true | jdbc:sqlserver://db:1433;user=sa;password=***;encrypt=true"
      })
  void passwordOfAConnectionString_neverLeaves(String connection, String cleaned) {
    for (String system : List.of("postgresql", "mongodb")) {
      JsonNode document =
          Otlp.client()
              .with("db.system", system)
              .with("db.connection_string", connection)
              .indexed("db.connection_string")
              .document();

      assertThat(document.toString()).doesNotContain("hunter2");
      assertThat(document.at("/annotations/db.connection_string").asString()).isEqualTo(cleaned);
    }
  }

  private static String mask(SqlSystem dialect, String sql) {
    var out = new JsonWriter(false);
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    out.begin(new byte[16], 0);
    new SqlMask().write(out, dialect, bytes, 0, bytes.length);
    String json = new String(out.bytes(), 0, out.position(), StandardCharsets.UTF_8);
    return Otlp.parse('"' + json + '"').asString();
  }
}
