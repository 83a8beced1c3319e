package io.raybridge.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How many datagrams the kernel has thrown away because a socket's buffer was full: Linux counts
 * them for each socket in the last column of {@code /proc/net/udp} and {@code udp6}.
 */
final class SocketDrops {
  private final List<Path> tables;
  private final String port;

  SocketDrops(InetSocketAddress local) {
    boolean four = local.getAddress() instanceof Inet4Address;
    boolean any = local.getAddress().isAnyLocalAddress();
    var table = Path.of("/proc/net/udp");
    var six = Path.of("/proc/net/udp6");
    // What listens on every interface may be one socket for both families.
    tables = any ? List.of(table, six) : List.of(four ? table : six);
    port = String.format(Locale.ROOT, ":%04X", local.getPort());
  }

  long count() {
    long sum = 0;
    for (var table : tables) {
      try {
        sum += count(Files.readString(table, StandardCharsets.US_ASCII), port);
      } catch (IOException e) {
        // another system, which does not tell
      }
    }
    return sum;
  }

  /** The drops of the sockets that listen on this port. */
  static long count(String table, String port) {
    long sum = 0;
    for (var line : table.lines().skip(1).toList()) {
      var columns = line.strip().split("\\s+", -1);
      if (columns.length < 13 || !columns[1].endsWith(port)) continue;
      try {
        sum += Long.parseLong(columns[columns.length - 1]);
      } catch (NumberFormatException e) {
        // a table of another form
      }
    }
    return sum;
  }
}
