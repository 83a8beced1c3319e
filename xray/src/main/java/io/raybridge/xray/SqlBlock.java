package io.raybridge.xray;

import org.jspecify.annotations.Nullable;

/** Writes the sql block of a call to an SQL database. */
final class SqlBlock {
  private static final Fragment SQL = Fragment.name("sql");
  private static final Fragment URL = Fragment.name("url");
  private static final Fragment CONNECTION_STRING = Fragment.name("connection_string");
  private static final Fragment DATABASE_TYPE = Fragment.name("database_type");
  private static final Fragment USER = Fragment.name("user");
  private static final Fragment QUERY = Fragment.name("sanitized_query");
  private static final byte[] QUERY_NAME = Ascii.bytes("sql.sanitized_query");
  private static final byte[] SCHEME_END = Ascii.bytes("://");
  private static final byte[] OTHER_SQL = Ascii.bytes("other_sql");

  private final boolean masked;
  private final SqlMask mask = new SqlMask();

  SqlBlock(boolean masked) {
    this.masked = masked;
  }

  void write(Draft draft) {
    int system = draft.text(Keys.DB_SYSTEM, Keys.DB_SYSTEM_NAME);
    int query = draft.text(Keys.DB_STATEMENT, Keys.DB_QUERY_TEXT);
    if (system < 0 && query < 0) return;
    SqlSystem dialect = dialect(draft, system);
    if (dialect == null) return;
    JsonWriter out = draft.out;
    out.member(SQL).put('{');
    connection(draft, system);
    if (system >= 0) {
      draft.member(DATABASE_TYPE, system);
      draft.useSame(system, Keys.DB_SYSTEM_NAME);
    } else {
      out.member(DATABASE_TYPE).string(OTHER_SQL, 0, OTHER_SQL.length);
    }
    draft.member(USER, draft.text(Keys.DB_USER));
    if (query >= 0) query(draft, dialect, query);
    out.put('}');
  }

  /** otelsql sends a query and no system: it is SQL all the same. */
  private static @Nullable SqlSystem dialect(Draft draft, int system) {
    if (system < 0) return SqlSystem.STANDARD;
    return SqlSystem.of(draft.bytes(), draft.offset(system), draft.length(system));
  }

  private static void connection(Draft draft, int system) {
    JsonWriter out = draft.out;
    byte[] bytes = draft.bytes();
    int database = draft.text(Keys.DB_NAME, Keys.DB_NAMESPACE);
    int connection = draft.text(Keys.DB_CONNECTION_STRING);
    if (connection >= 0) {
      out.member(CONNECTION_STRING).quote();
      Secrets.writeConnection(out, bytes, draft.offset(connection), draft.length(connection));
      out.quote();
      draft.use(connection);
    }
    out.member(URL).quote();
    if (connection >= 0) {
      Secrets.writeConnection(out, bytes, draft.offset(connection), draft.length(connection));
    } else {
      origin(draft, system);
    }
    if (database >= 0 && (connection < 0 || lacks(draft, connection, database))) {
      out.put('/');
      out.text(bytes, draft.offset(database), draft.length(database));
    }
    out.quote();
    if (database >= 0) draft.use(database);
    draft.useSame(database, Keys.DB_NAMESPACE);
  }

  /** {@code system://host:port} as far as known. */
  private static void origin(Draft draft, int system) {
    JsonWriter out = draft.out;
    byte[] bytes = draft.bytes();
    if (system >= 0) out.text(bytes, draft.offset(system), draft.length(system));
    else out.text(OTHER_SQL, 0, OTHER_SQL.length);
    out.text(SCHEME_END, 0, SCHEME_END.length);
    int host = draft.text(Keys.SERVER_ADDRESS, Keys.NET_PEER_NAME);
    if (host < 0) host = draft.text(Keys.NET_PEER_IP, Keys.NETWORK_PEER_ADDRESS);
    if (host < 0) host = draft.text(Keys.NET_SOCK_PEER_ADDR);
    if (host < 0) return;
    out.text(bytes, draft.offset(host), draft.length(host));
    draft.use(host);
    int port = draft.attributes.indexOf(Keys.SERVER_PORT);
    if (port < 0) port = draft.attributes.indexOf(Keys.NET_PEER_PORT);
    long number = draft.number(port);
    if (number <= 0) return;
    out.put(':');
    out.number(number);
    draft.use(port);
  }

  /** Whether a connection string is a URL to which the database's name can be added. */
  private static boolean lacks(Draft draft, int connection, int database) {
    int from = draft.offset(connection);
    int to = from + draft.length(connection);
    return Ascii.indexOf(draft.bytes(), from, to, SCHEME_END) >= 0
        && !endsWith(draft, connection, database);
  }

  private static boolean endsWith(Draft draft, int connection, int database) {
    int length = draft.length(database);
    int from = draft.offset(connection) + draft.length(connection) - length;
    byte[] bytes = draft.bytes();
    return from > draft.offset(connection)
        && bytes[from - 1] == '/'
        && java.util.Arrays.equals(
            bytes,
            from,
            from + length,
            bytes,
            draft.offset(database),
            draft.offset(database) + length);
  }

  /**
   * Writes an attribute that holds an SQL text, or one in a language like it, as a masked string,
   * where masking is on; false where this is none. Whoever wants the query as an annotation is not
   * to have more of it than the block.
   */
  boolean writeMasked(Draft draft, int index) {
    int id = draft.attributes.id(index);
    if (!masked || (id != Keys.DB_STATEMENT && id != Keys.DB_QUERY_TEXT)) return false;
    int system = draft.text(Keys.DB_SYSTEM, Keys.DB_SYSTEM_NAME);
    SqlSystem dialect = dialect(draft, system);
    if (dialect == null && isAlike(draft, system, index)) dialect = SqlSystem.STANDARD;
    if (dialect == null || draft.text(id) != index) return false;
    draft.out.quote();
    mask.write(draft.out, dialect, draft.bytes(), draft.offset(index), draft.length(index));
    draft.out.quote();
    return true;
  }

  /** Some SDKs send requests in JSON in the place of statements. */
  private static boolean isAlike(Draft draft, int system, int statement) {
    return SqlSystem.isAlike(draft.bytes(), draft.offset(system), draft.length(system))
        && draft.text(draft.attributes.id(statement)) == statement
        && Ascii.letter(draft.bytes()[draft.offset(statement)]);
  }

  private void query(Draft draft, SqlSystem dialect, int index) {
    JsonWriter out = draft.out;
    byte[] bytes = draft.bytes();
    int length = draft.length(index);
    long before = out.size();
    if (length > draft.trim.sql) {
      draft.notes.cut(QUERY_NAME, length);
      length = Utf8.cut(bytes, draft.offset(index), draft.trim.sql);
    }
    out.member(QUERY).quote();
    if (masked) mask.write(out, dialect, bytes, draft.offset(index), length);
    else out.text(bytes, draft.offset(index), length);
    out.quote();
    draft.use(index);
    // Another text is left out all the same: in metadata it would not be masked.
    draft.useKey(Keys.DB_QUERY_TEXT);
    draft.trim.sqlTook = out.size() - before;
  }
}
