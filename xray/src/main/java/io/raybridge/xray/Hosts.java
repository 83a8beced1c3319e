package io.raybridge.xray;

/** Writes names of databases and hosts from whichever attributes tell them. */
final class Hosts {
  private static final byte[] JDBC = Ascii.bytes("jdbc:");
  private static final byte[] SCHEME_END = Ascii.bytes("://");

  private int offset;
  private int length;
  private int portOffset;
  private int portLength;
  private boolean secure;
  private boolean plain;

  /** {@code database@host} as far as known; the system stands in for a missing database. */
  int database(Draft draft) {
    int system = draft.text(Keys.DB_SYSTEM, Keys.DB_SYSTEM_NAME);
    int database = draft.text(Keys.DB_NAME, Keys.DB_NAMESPACE);
    if (system < 0 && database < 0) return 0;
    if (database >= 0 && system >= 0 && isNumber(draft, database)) database = -1;
    int name = database >= 0 ? database : system;
    if (name < 0) return 0;
    byte[] bytes = draft.bytes();
    int end = draft.offset(name) + draft.length(name);
    // PostgreSQL's db.namespace is database|schema: one database is one node.
    int bar = Ascii.indexOf(bytes, draft.offset(name), end, '|');
    if (bar > draft.offset(name)) end = bar;
    int written =
        Names.write(draft.out, bytes, draft.offset(name), end - draft.offset(name), Names.LONGEST);
    if (written == 0 || written >= Names.LONGEST - 1 || !databaseHost(draft)) return written;
    draft.out.put('@');
    return written + 1 + Names.write(draft.out, bytes, offset, length, Names.LONGEST - written - 1);
  }

  private static boolean isNumber(Draft draft, int index) {
    return Ascii.number(draft.bytes(), draft.offset(index), draft.length(index)) >= 0;
  }

  private boolean databaseHost(Draft draft) {
    int connection = draft.text(Keys.DB_CONNECTION_STRING);
    if (connection >= 0) {
      int from = draft.offset(connection);
      int size = draft.length(connection);
      if (Ascii.startsWith(draft.bytes(), from, size, JDBC)) {
        from += JDBC.length;
        size -= JDBC.length;
      }
      if (authority(draft.bytes(), from, size, true)) return length > 0;
    }
    int address = draft.text(Keys.SERVER_ADDRESS, Keys.NET_PEER_NAME);
    if (address < 0) address = draft.text(Keys.NET_SOCK_PEER_NAME);
    if (address < 0) address = draft.text(Keys.NETWORK_PEER_ADDRESS, Keys.NET_PEER_IP);
    if (address < 0) address = draft.text(Keys.NET_SOCK_PEER_ADDR);
    if (address < 0) return false;
    offset = draft.offset(address);
    length = draft.length(address);
    return true;
  }

  /** {@code host[:port]} of what an HTTP or other call goes to, without a port that goes unsaid. */
  int host(Draft draft) {
    int header = draft.text(Keys.HTTP_HOST);
    int written = 0;
    if (header >= 0) {
      clear();
      split(draft.bytes(), draft.offset(header), draft.offset(header) + draft.length(header));
      boolean told = portLength > 0 || !draft.shape.call;
      written =
          told
              ? write(draft, draft.bytes())
              : named(draft, header, Keys.SERVER_PORT, Keys.NET_PEER_PORT);
    }
    if (written == 0) {
      int peer = draft.text(Keys.NET_PEER_NAME);
      written = named(draft, peer, Keys.NET_PEER_PORT, Keys.SERVER_PORT);
    }
    if (written > 0 || !draft.shape.call) return written;
    int server = draft.text(Keys.SERVER_ADDRESS);
    written = named(draft, server, Keys.SERVER_PORT, Keys.NET_PEER_PORT);
    if (written > 0) return written;
    int url = draft.text(Keys.URL_FULL, Keys.HTTP_URL);
    if (url >= 0 && authority(draft.bytes(), draft.offset(url), draft.length(url), false)) {
      written = write(draft, draft.bytes());
      if (written > 0) return written;
    }
    int address = draft.text(Keys.NET_SOCK_PEER_NAME, Keys.NETWORK_PEER_ADDRESS);
    if (address < 0) address = draft.text(Keys.NET_PEER_IP, Keys.NET_SOCK_PEER_ADDR);
    return named(draft, address, Keys.NETWORK_PEER_PORT, Keys.NET_PEER_PORT);
  }

  private int named(Draft draft, int address, int portKey, int otherPortKey) {
    if (address < 0) return 0;
    clear();
    int from = draft.offset(address);
    split(draft.bytes(), from, from + draft.length(address));
    long port = Ascii.number(draft.bytes(), portOffset, portLength);
    if (port < 0) port = draft.number(draft.attributes.indexOf(portKey));
    if (port < 0) port = draft.number(draft.attributes.indexOf(otherPortKey));
    int written = Names.write(draft.out, draft.bytes(), offset, length, Names.LONGEST - 6);
    if (written > 0 && port > 0 && port < 65536 && port != 80 && port != 443) {
      draft.out.put(':');
      draft.out.number(port);
    }
    return written;
  }

  private int write(Draft draft, byte[] bytes) {
    int written = Names.write(draft.out, bytes, offset, length, Names.LONGEST - 6);
    long port = Ascii.number(bytes, portOffset, portLength);
    boolean unsaid = (port == 80 && !secure) || (port == 443 && !plain);
    if (written > 0 && port > 0 && port < 65536 && !unsaid) {
      draft.out.put(':');
      draft.out.number(port);
    }
    return written;
  }

  private void clear() {
    portLength = 0;
    length = 0;
    secure = false;
    plain = false;
  }

  /** Finds host and port of {@code scheme://user:password@host:port/...}; false without scheme. */
  private boolean authority(byte[] bytes, int from, int size, boolean connection) {
    clear();
    int end = from + size;
    int scheme = Ascii.indexOf(bytes, from, end, SCHEME_END);
    if (scheme < 0) return false;
    secure = scheme - from == 5 && Ascii.lower(bytes[from]) == 'h';
    plain = scheme - from == 4 && Ascii.lower(bytes[from]) == 'h';
    int begin = Secrets.afterUser(bytes, scheme + SCHEME_END.length, end, connection);
    int stop = begin;
    while (stop < end && !endsAuthority(bytes[stop])) stop++;
    split(bytes, begin, stop);
    return true;
  }

  static boolean endsAuthority(byte b) {
    return b == '/' || b == '?' || b == '#' || b == ';' || b == ',' || b == '\\';
  }

  /** Splits host and port; an IPv6 address keeps its colons and loses its brackets. */
  private void split(byte[] bytes, int from, int to) {
    if (from < to && bytes[from] == '[') {
      int close = Ascii.indexOf(bytes, from, to, ']');
      if (close > 0) {
        offset = from + 1;
        length = close - offset;
        if (close + 1 < to && bytes[close + 1] == ':') port(close + 2, to);
        return;
      }
    }
    int colon = Ascii.lastIndexOf(bytes, from, to, ':');
    boolean address = colon >= 0 && Ascii.indexOf(bytes, from, colon, ':') >= 0;
    offset = from;
    length = (colon < 0 || address ? to : colon) - from;
    if (colon >= 0 && !address) port(colon + 1, to);
  }

  private void port(int from, int to) {
    portOffset = from;
    portLength = to - from;
  }
}
