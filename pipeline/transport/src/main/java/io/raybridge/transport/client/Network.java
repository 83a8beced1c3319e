package io.raybridge.transport.client;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** An address or a network in CIDR form, read without asking a resolver. */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Network(byte[] address, int bits) {
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    var address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address == null) return null;
    int all = address.length * 8;
    if (slash < 0) return new Network(address, all);
    if (!text.substring(slash + 1).matches("\\d{1,3}")) return null;
    int bits = Integer.parseInt(text.substring(slash + 1));
    return bits > all ? null : new Network(address, bits);
  }

  boolean contains(String host) {
    var other = literal(host);
    if (other == null || other.length != address.length) return false;
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((other[bit >> 3] ^ address[bit >> 3]) & mask) != 0) return false;
    }
    return true;
  }

  private static byte @Nullable [] literal(String text) {
    try {
      return InetAddress.ofLiteral(text).getAddress();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
