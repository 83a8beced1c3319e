package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;

/**
 * Writes the http block, the same from old, stable and mixed attribute names. Says of the client's
 * address that it came from a header, and of a length what it is, only when the span tells.
 */
final class HttpBlock {
  private static final int[] SIGNS = {
    Keys.HTTP_REQUEST_METHOD,
    Keys.HTTP_RESPONSE_STATUS_CODE,
    Keys.HTTP_METHOD,
    Keys.HTTP_STATUS_CODE,
    Keys.URL_FULL,
    Keys.HTTP_URL,
    Keys.URL_PATH,
    Keys.HTTP_TARGET,
    Keys.HTTP_HOST,
    Keys.HTTP_SERVER_NAME,
    Keys.HTTP_SCHEME,
    Keys.HTTP_CLIENT_IP,
    Keys.HTTP_USER_AGENT,
    Keys.USER_AGENT_ORIGINAL
  };

  private static final Fragment HTTP = Fragment.name("http");
  private static final Fragment REQUEST = Fragment.name("request");
  private static final Fragment METHOD = Fragment.name("method");
  private static final Fragment USER_AGENT = Fragment.name("user_agent");
  private static final Fragment CLIENT_IP = Fragment.name("client_ip");
  private static final Fragment FORWARDED = Fragment.json("\"x_forwarded_for\":true");
  private static final Fragment RESPONSE = Fragment.name("response");
  private static final Fragment STATUS = Fragment.name("status");
  private static final Fragment CONTENT_LENGTH = Fragment.name("content_length");
  private static final byte[] RECEIVED = Ascii.bytes("RECEIVED");

  private final HttpUrl url = new HttpUrl();
  private final AnyValueView header = new AnyValueView();
  private final EventView event;

  HttpBlock(EventView event) {
    this.event = event;
  }

  void write(Draft draft) {
    if (!isHttp(draft)) return;
    JsonWriter out = draft.out;
    out.member(HTTP).put('{');
    int nothing = out.position();
    out.member(REQUEST).put('{');
    int empty = out.position();
    method(draft);
    url.write(draft);
    draft.member(USER_AGENT, Keys.USER_AGENT_ORIGINAL, Keys.HTTP_USER_AGENT);
    if (draft.shape.server) client(draft);
    if (out.position() == empty) out.removeEmpty(REQUEST);
    else out.put('}');
    response(draft);
    if (out.position() == nothing) out.removeEmpty(HTTP);
    else out.put('}');
  }

  private static boolean isHttp(Draft draft) {
    for (int key : SIGNS) if (draft.has(key)) return true;
    return false;
  }

  private static void method(Draft draft) {
    draft.member(METHOD, Keys.HTTP_REQUEST_METHOD, Keys.HTTP_METHOD);
  }

  /**
   * The old http.client_ip held what a forwarding header said. The stable client.address holds that
   * or the peer's own address, so only a peer of another address tells that it was a header.
   */
  private static void client(Draft draft) {
    int peer = address(draft, Keys.NETWORK_PEER_ADDRESS);
    if (peer < 0) peer = address(draft, Keys.NET_SOCK_PEER_ADDR);
    if (peer < 0) peer = draft.text(Keys.NET_PEER_IP);
    int old = draft.text(Keys.HTTP_CLIENT_IP);
    int client = old >= 0 ? old : address(draft, Keys.CLIENT_ADDRESS);
    if (client < 0) client = peer;
    if (client < 0) return;
    draft.member(CLIENT_IP, client);
    draft.useSame(client, Keys.CLIENT_ADDRESS);
    boolean forwarded = peer < 0 ? old >= 0 : !same(draft, client, peer);
    if (peer >= 0 && same(draft, client, peer)) draft.use(peer);
    if (!forwarded) return;
    draft.out.comma();
    draft.out.put(FORWARDED);
  }

  /** The attribute of this key where it is an IP address: names and paths of sockets are none. */
  private static int address(Draft draft, int key) {
    int index = draft.text(key);
    if (index < 0) return -1;
    byte[] bytes = draft.bytes();
    int from = draft.offset(index);
    int to = from + draft.length(index);
    boolean six = Ascii.indexOf(bytes, from, to, ':') >= 0;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      boolean possible = Ascii.digit(b) || b == '.' || (six && (b == ':' || Ascii.hex(b)));
      if (!possible) return -1;
    }
    return index;
  }

  private static boolean same(Draft draft, int index, int other) {
    return index == other
        || java.util.Arrays.equals(
            draft.bytes(),
            draft.offset(index),
            draft.offset(index) + draft.length(index),
            draft.bytes(),
            draft.offset(other),
            draft.offset(other) + draft.length(other));
  }

  private void response(Draft draft) {
    int status = status(draft);
    long length = contentLength(draft);
    if (status < 0 && length < 0) return;
    JsonWriter out = draft.out;
    out.member(RESPONSE).put('{');
    if (status >= 0) {
      out.member(STATUS).number(draft.number(status));
      draft.use(status);
      draft.useSame(status, Keys.HTTP_STATUS_CODE);
    }
    if (length >= 0) out.member(CONTENT_LENGTH).number(length);
    out.put('}');
  }

  /** Where the status code is, as a number or as the text of one; else -1. */
  static int status(Draft draft) {
    int index = draft.attributes.indexOf(Keys.HTTP_RESPONSE_STATUS_CODE);
    if (draft.number(index) > 0) return index;
    index = draft.attributes.indexOf(Keys.HTTP_STATUS_CODE);
    return draft.number(index) > 0 ? index : -1;
  }

  private long contentLength(Draft draft) {
    long length = taken(draft, Keys.HTTP_RESPONSE_BODY_SIZE);
    if (length < 0) length = taken(draft, Keys.HTTP_RESPONSE_CONTENT_LENGTH);
    if (length < 0) length = fromHeader(draft);
    if (length < 0) length = received(draft.attributes);
    for (int i = 0; length < 0 && i < draft.span.events(); i++) {
      draft.span.event(i, event);
      length = received(event.attributes());
    }
    return length;
  }

  private static long taken(Draft draft, int key) {
    int index = draft.attributes.indexOf(key);
    long number = draft.number(index);
    if (number >= 0) draft.use(index);
    return number;
  }

  private long fromHeader(Draft draft) {
    int index = draft.attributes.indexOf(Keys.HTTP_RESPONSE_HEADER_CONTENT_LENGTH);
    if (index < 0 || draft.attributes.type(index) != AnyValueView.ARRAY) return -1;
    header.open(draft.bytes(), draft.offset(index), draft.length(index));
    if (!header.nextElement() || header.type() != AnyValueView.STRING) return -1;
    return Ascii.number(draft.bytes(), header.offset(), header.length());
  }

  /** The size of a message, as the first HTTP instrumentations told it of events or the span. */
  private static long received(AttributesView attributes) {
    int type = Origin.text(attributes, Keys.MESSAGE_TYPE);
    int size = attributes.indexOf(Keys.MESSAGING_PAYLOAD_SIZE);
    if (type < 0 || size < 0 || attributes.type(size) != AnyValueView.INT) return -1;
    boolean received =
        Ascii.equal(attributes.bytes(), attributes.offset(type), attributes.length(type), RECEIVED);
    return received ? attributes.number(size) : -1;
  }
}
