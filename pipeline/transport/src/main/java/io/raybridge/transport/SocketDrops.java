package io.raybridge.transport;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How many datagrams the kernel has thrown away because a socket's buffer was full: Linux counts
 * them for each socket in the last column of {@code /proc/net/udp} and {@code udp6}.
 *
 * <p>It is asked once a second, for as long as the process lives. So the tables stay open, and are
 * read as bytes: opened, and parted by regular expressions, they took 5 ms of an otherwise idle
 * core each time.
 */
final class SocketDrops implements AutoCloseable {
  private static final int COLUMN_OF_ADDRESS = 1;
  private static final int COLUMNS = 13;

  private final List<RandomAccessFile> tables = new ArrayList<>();
  private final byte[] port;
  private byte[] text = new byte[4 << 10];

  SocketDrops(InetSocketAddress local) {
    boolean four = local.getAddress() instanceof Inet4Address;
    boolean any = local.getAddress().isAnyLocalAddress();
    // What listens on every interface may be one socket for both families.
    if (four || any) open("/proc/net/udp");
    if (!four || any) open("/proc/net/udp6");
    port = String.format(Locale.ROOT, ":%04X", local.getPort()).getBytes(StandardCharsets.US_ASCII);
  }

  private void open(String table) {
    try {
      tables.add(new RandomAccessFile(table, "r"));
    } catch (IOException e) {
      // another system, which does not tell
    }
  }

  synchronized long count() {
    long sum = 0;
    for (var table : tables) {
      try {
        sum += count(text, read(table), port);
      } catch (IOException e) {
        // closed meanwhile
      }
    }
    return sum;
  }

  private int read(RandomAccessFile table) throws IOException {
    table.seek(0);
    int length = 0;
    while (true) {
      if (length == text.length) text = Arrays.copyOf(text, 2 * length);
      int more = table.read(text, length, text.length - length);
      if (more < 0) return length;
      length += more;
    }
  }

  /** The drops of the sockets that listen on this port, which is as {@code :07D0}. */
  static long count(byte[] table, int length, byte[] port) {
    long sum = 0;
    for (int at = lineEnd(table, 0, length) + 1; at < length; ) {
      int end = lineEnd(table, at, length);
      sum += drops(table, at, end, port);
      at = end + 1;
    }
    return sum;
  }

  private static int lineEnd(byte[] table, int from, int length) {
    int at = from;
    while (at < length && table[at] != '\n') at++;
    return at;
  }

  private static long drops(byte[] table, int from, int end, byte[] port) {
    int columns = 0;
    int begin = from;
    int at = from;
    while (true) {
      while (at < end && table[at] == ' ') at++;
      if (at == end) break;
      begin = at;
      while (at < end && table[at] != ' ') at++;
      if (columns == COLUMN_OF_ADDRESS
          && (at - begin < port.length
              || !Arrays.equals(table, at - port.length, at, port, 0, port.length))) {
        return 0;
      }
      columns++;
    }
    return columns < COLUMNS ? 0 : number(table, begin, end);
  }

  /** The number that begins here; 0 in a table of another form. */
  private static long number(byte[] table, int from, int end) {
    long number = 0;
    for (int at = from; at < end && table[at] != ' '; at++) {
      int digit = table[at] - '0';
      if (digit < 0 || digit > 9) return 0;
      number = 10 * number + digit;
    }
    return number;
  }

  @Override
  public void close() {
    for (var table : tables) {
      try {
        table.close();
      } catch (IOException e) {
        // it was only read
      }
    }
  }
}
