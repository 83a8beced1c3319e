package io.raybridge.xray;

/**
 * Writes the URL of a request, whole where the span has it whole, else from its parts: scheme,
 * host, port, and target or path and query or route.
 */
final class HttpUrl {
  private static final Fragment URL = Fragment.name("url");
  private static final byte[] HTTP = Ascii.bytes("http");
  private static final byte[] HTTPS = Ascii.bytes("https");
  private static final byte[] ABSOLUTE = Ascii.bytes("://");

  void write(Draft draft) {
    int whole = draft.text(Keys.URL_FULL, Keys.HTTP_URL);
    if (whole >= 0) {
      JsonWriter out = draft.out;
      out.member(URL).quote();
      Secrets.write(out, draft.bytes(), draft.offset(whole), draft.length(whole));
      out.quote();
      draft.use(whole);
      useParts(draft, whole);
      return;
    }
    if (draft.shape.server) fromServer(draft);
    else fromClient(draft);
  }

  private static void useParts(Draft draft, int whole) {
    draft.useSame(whole, Keys.HTTP_URL);
    draft.usePart(whole, Keys.HTTP_SCHEME);
    draft.usePart(whole, Keys.URL_SCHEME);
    draft.usePart(whole, Keys.HTTP_TARGET);
    draft.usePart(whole, Keys.URL_PATH);
    draft.usePart(whole, Keys.URL_QUERY);
  }

  private static void fromServer(Draft draft) {
    int host = draft.text(Keys.HTTP_HOST, Keys.HTTP_SERVER_NAME);
    boolean header = host >= 0 && draft.attributes.id(host) == Keys.HTTP_HOST;
    if (host < 0) host = draft.text(Keys.NET_HOST_NAME, Keys.SERVER_ADDRESS);
    if (host < 0) host = draft.text(Keys.HOST_NAME);
    assemble(draft, host, header, Keys.NET_HOST_PORT, Keys.SERVER_PORT);
  }

  private static void fromClient(Draft draft) {
    int host = draft.text(Keys.HTTP_HOST);
    boolean header = host >= 0;
    if (host < 0) host = draft.text(Keys.NET_PEER_NAME, Keys.SERVER_ADDRESS);
    if (host < 0) host = draft.text(Keys.NET_PEER_IP, Keys.NETWORK_PEER_ADDRESS);
    int port = draft.has(Keys.NET_PEER_PORT) ? Keys.NET_PEER_PORT : Keys.SERVER_PORT;
    assemble(draft, host, header, port, Keys.NETWORK_PEER_PORT);
  }

  private static void assemble(
      Draft draft, int host, boolean hostHasPort, int portKey, int otherPortKey) {
    int target = draft.text(Keys.HTTP_TARGET);
    boolean whole = target >= 0 && isAbsolute(draft, target);
    // Go's instrumentation of SQS says the queue's URL there.
    if (host >= 0 && isAbsolute(draft, host)) host = -1;
    if (host < 0 && target < 0 && draft.text(Keys.URL_PATH) < 0) return;
    JsonWriter out = draft.out;
    out.member(URL).quote();
    if (host >= 0 && !whole) origin(draft, host, hostHasPort, portKey, otherPortKey);
    path(draft, target, whole);
    out.quote();
  }

  private static void origin(
      Draft draft, int host, boolean hostHasPort, int portKey, int otherPortKey) {
    JsonWriter out = draft.out;
    byte[] bytes = draft.bytes();
    int scheme = draft.text(Keys.URL_SCHEME, Keys.HTTP_SCHEME);
    if (scheme >= 0) draft.use(scheme);
    draft.useSame(scheme, Keys.HTTP_SCHEME);
    int port = draft.attributes.indexOf(portKey);
    if (draft.number(port) <= 0) port = draft.attributes.indexOf(otherPortKey);
    int offset = draft.offset(host);
    int length = draft.length(host);
    int colon = Ascii.indexOf(bytes, offset, offset + length, ':');
    boolean colons = colon >= 0 && Ascii.indexOf(bytes, colon + 1, offset + length, ':') >= 0;
    // Python's instrumentation says the port with the host and where it belongs.
    long number = hostHasPort || (colon >= 0 && !colons) ? 0 : draft.number(port);
    boolean secure = scheme < 0 ? number == 443 : is(draft, scheme, HTTPS);
    boolean plain = scheme < 0 ? !secure : is(draft, scheme, HTTP);
    byte[] guess = secure ? HTTPS : HTTP;
    if (scheme < 0) out.text(guess, 0, guess.length);
    else out.text(bytes, draft.offset(scheme), draft.length(scheme));
    out.text(ABSOLUTE, 0, ABSOLUTE.length);
    boolean address = !hostHasPort && bytes[offset] != '[' && colons;
    if (address) out.put('[');
    Secrets.write(out, bytes, offset, length);
    if (address) out.put(']');
    draft.use(host);
    if (number <= 0 || number > 65535) return;
    draft.use(port);
    if ((plain && number == 80) || (secure && number == 443)) return;
    out.put(':');
    out.number(number);
  }

  private static void path(Draft draft, int target, boolean whole) {
    JsonWriter out = draft.out;
    byte[] bytes = draft.bytes();
    if (target >= 0) {
      if (!whole) slash(out, bytes[draft.offset(target)]);
      Secrets.write(out, bytes, draft.offset(target), draft.length(target));
      draft.use(target);
      draft.usePart(target, Keys.URL_PATH);
      draft.usePart(target, Keys.URL_QUERY);
      return;
    }
    int path = draft.text(Keys.URL_PATH);
    // The route is the path's pattern: worse than the path, better than none, and stays in
    // metadata.
    if (path < 0) path = draft.text(Keys.HTTP_ROUTE);
    else draft.use(path);
    if (path < 0) {
      out.put('/');
    } else {
      slash(out, bytes[draft.offset(path)]);
      out.text(bytes, draft.offset(path), draft.length(path));
    }
    int query = draft.text(Keys.URL_QUERY);
    if (query < 0) return;
    if (bytes[draft.offset(query)] != '?') out.put('?');
    Secrets.write(out, bytes, draft.offset(query), draft.length(query));
    draft.use(query);
  }

  private static void slash(JsonWriter out, byte first) {
    if (first != '/') out.put('/');
  }

  private static boolean isAbsolute(Draft draft, int index) {
    int offset = draft.offset(index);
    int length = draft.length(index);
    return Ascii.startsWith(draft.bytes(), offset, length, HTTP)
        && Ascii.indexOf(draft.bytes(), offset, offset + Math.min(length, 10), ABSOLUTE) >= 0;
  }

  private static boolean is(Draft draft, int index, byte[] value) {
    return Ascii.equal(draft.bytes(), draft.offset(index), draft.length(index), value);
  }
}
