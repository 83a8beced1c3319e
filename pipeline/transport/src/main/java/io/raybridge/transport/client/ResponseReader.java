package io.raybridge.transport.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads responses off a connection by the rules of <a
 * href="https://www.rfc-editor.org/rfc/rfc9112.html">RFC 9112</a>. Bounds everything it keeps, and
 * ends at the first thing that is not as it should be.
 */
final class ResponseReader {
  private static final int MAX_HEADER = 64 << 10;
  private static final byte[] NO_BODY = new byte[0];

  private final Wire wire;
  private final int maxBody;
  private byte[] buffer = new byte[2048];
  private int position;
  private int limit;
  private int headerLeft;
  private boolean begun;
  private boolean keep;

  /**
   * @param maxBody how much of a body is kept
   */
  ResponseReader(Wire wire, int maxBody) {
    this.wire = wire;
    this.maxBody = maxBody;
  }

  /** What came is not HTTP/1.1. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  /** The header is larger than any sound one. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Reads the next response; interim ones are skipped. */
  HttpResponse read() throws IOException {
    begun = false;
    while (true) {
      headerLeft = MAX_HEADER;
      int status = statusLine();
      var headers = headers();
      if (status == 101) throw new MalformedException("status 101, which nobody had asked for");
      if (status >= 200) return body(status, headers);
    }
  }

  /** Reads the status with which a proxy answers CONNECT; nothing follows it before we speak. */
  int readTunnelStatus() throws IOException {
    headerLeft = MAX_HEADER;
    int status = statusLine();
    var _ = headers();
    if (status / 100 == 2 && position < limit) {
      throw new MalformedException("more than a status before we spoke");
    }
    return status;
  }

  /** Whether anything of the response came at all. */
  boolean begun() {
    return begun;
  }

  /** Whether the connection can take another request after the last response. */
  boolean keep() {
    return keep && position == limit;
  }

  private int statusLine() throws IOException {
    int end = line();
    int at = position;
    boolean version =
        end - at >= 12
            && buffer[at] == 'H'
            && buffer[at + 1] == 'T'
            && buffer[at + 2] == 'T'
            && buffer[at + 3] == 'P'
            && buffer[at + 4] == '/'
            && buffer[at + 5] == '1'
            && buffer[at + 6] == '.'
            && digit(buffer[at + 7])
            && buffer[at + 8] == ' '
            && (end - at == 12 || buffer[at + 12] == ' ');
    boolean code = version && digit(buffer[at + 9]) && digit(buffer[at + 10]);
    if (!code || !digit(buffer[at + 11]) || buffer[at + 9] == '0') {
      throw new MalformedException("no status line");
    }
    keep = buffer[at + 7] != '0';
    int status =
        (buffer[at + 9] - '0') * 100 + (buffer[at + 10] - '0') * 10 + (buffer[at + 11] - '0');
    consume(end);
    return status;
  }

  private Headers headers() throws IOException {
    var headers = new Headers();
    while (true) {
      int end = line();
      if (end == position) {
        consume(end);
        return headers;
      }
      int colon = position;
      while (colon < end && token(buffer[colon])) colon++;
      if (colon == position || colon == end || buffer[colon] != ':') {
        throw new MalformedException("a header line without a name");
      }
      headers.addReceived(latin1(position, colon), latin1(colon + 1, end).strip());
      consume(end);
    }
  }

  private HttpResponse body(int status, Headers headers) throws IOException {
    var connection = headers.get("connection");
    if (connection != null) {
      if (connection.equalsIgnoreCase("close")) keep = false;
      else if (connection.equalsIgnoreCase("keep-alive")) keep = true;
    }
    if (status == 204 || status == 304) return new HttpResponse(status, headers, NO_BODY, false);
    var coding = headers.get("transfer-encoding");
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new MalformedException("transfer-encoding " + coding);
      }
      if (headers.get("content-length") != null) keep = false;
      return chunked(status, headers);
    }
    long length = contentLength(headers);
    if (length >= 0) return counted(status, headers, length);
    keep = false;
    return untilEnd(status, headers);
  }

  private static long contentLength(Headers headers) throws MalformedException {
    long length = -1;
    for (int i = 0; i < headers.size(); i++) {
      if (!headers.name(i).equalsIgnoreCase("content-length")) continue;
      long next = number(headers.value(i));
      if (next < 0 || (length >= 0 && next != length)) {
        throw new MalformedException("content-length " + headers.value(i));
      }
      length = next;
    }
    return length;
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > 18) return -1;
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') return -1;
      number = number * 10 + (c - '0');
    }
    return number;
  }

  private HttpResponse counted(int status, Headers headers, long length) throws IOException {
    var body = new byte[(int) Math.min(length, maxBody)];
    int filled = 0;
    while (filled < body.length) {
      fillIfEmpty();
      filled += take(body, filled, body.length - filled);
    }
    boolean truncated = length > maxBody;
    if (truncated) keep = false;
    return new HttpResponse(status, headers, body, truncated);
  }

  private HttpResponse chunked(int status, Headers headers) throws IOException {
    var body = NO_BODY;
    for (long left = chunkSize(); left > 0; left = chunkSize()) {
      if (left > maxBody - body.length) {
        int before = body.length;
        body = Arrays.copyOf(body, maxBody);
        fill(body, before);
        keep = false;
        return new HttpResponse(status, headers, body, true);
      }
      int before = body.length;
      body = Arrays.copyOf(body, before + (int) left);
      fill(body, before);
      if (line() != position) throw new MalformedException("a chunk longer than its size");
      consume(position);
    }
    var _ = headers(); // trailers
    return new HttpResponse(status, headers, body, false);
  }

  private void fill(byte[] body, int from) throws IOException {
    for (int filled = from; filled < body.length; ) {
      fillIfEmpty();
      filled += take(body, filled, body.length - filled);
    }
  }

  private long chunkSize() throws IOException {
    headerLeft = MAX_HEADER;
    int end = line();
    long size = 0;
    int at = position;
    while (at < end && Character.digit(buffer[at], 16) >= 0) {
      if (size > Integer.MAX_VALUE) throw new MalformedException("a chunk of more than 2 GiB");
      size = size * 16 + Character.digit(buffer[at++], 16);
    }
    boolean extension = at < end && (buffer[at] == ';' || buffer[at] == ' ' || buffer[at] == '\t');
    if (at == position || (at < end && !extension)) {
      throw new MalformedException("a chunk without a size");
    }
    consume(end);
    return size;
  }

  private HttpResponse untilEnd(int status, Headers headers) throws IOException {
    var body = new byte[Math.min(maxBody, 8192)];
    int filled = 0;
    while (true) {
      if (position == limit && !refill()) {
        return new HttpResponse(status, headers, Arrays.copyOf(body, filled), false);
      }
      if (filled == maxBody) return new HttpResponse(status, headers, body, true);
      if (filled == body.length) {
        body = Arrays.copyOf(body, Math.min(maxBody, 2 * body.length));
      }
      filled += take(body, filled, body.length - filled);
    }
  }

  private int take(byte[] into, int offset, int most) {
    int length = Math.min(most, limit - position);
    System.arraycopy(buffer, position, into, offset, length);
    position += length;
    return length;
  }

  /** Has a whole line in the buffer and returns where it ends, without its line break. */
  private int line() throws IOException {
    int searched = position;
    while (true) {
      for (; searched < limit; searched++) {
        if (buffer[searched] != '\n') continue;
        headerLeft -= searched + 1 - position;
        if (headerLeft < 0) throw new TooLargeException();
        return searched > position && buffer[searched - 1] == '\r' ? searched - 1 : searched;
      }
      if (limit - position > headerLeft) throw new TooLargeException();
      searched -= compact();
      if (!refill()) throw new EOFException();
    }
  }

  /** Goes behind the line that ends here. */
  private void consume(int end) {
    position = buffer[end] == '\r' ? end + 2 : end + 1;
  }

  /** Makes room behind what has been read; returns by how much it moved. */
  private int compact() {
    int moved = position;
    if (moved > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= moved;
      position = 0;
    }
    if (limit == buffer.length) buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    return moved;
  }

  private void fillIfEmpty() throws IOException {
    if (position == limit && !refill()) throw new EOFException();
  }

  private boolean refill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = 0;
    }
    int read = wire.read(buffer, limit, buffer.length - limit);
    if (read < 0) return false;
    begun = true;
    limit += read;
    return true;
  }

  private String latin1(int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean token(byte b) {
    return b > ' ' && b < 0x7f && b != ':';
  }
}
