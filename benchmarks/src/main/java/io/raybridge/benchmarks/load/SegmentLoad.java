package io.raybridge.benchmarks.load;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends segment documents of 1.2 KB with a DynamoDB call in each to an X-Ray daemon's UDP port, at
 * a rate, and prints one JSON line with how many and how long it took. The same seed and epoch give
 * the same datagrams, whoever gets them.
 *
 * <p>Arguments as {@code name=value}: target, segments, rate (0: flat out), seed, epoch (seconds),
 * fuzz (true: bytes are hit at random, and some are cut off).
 */
public final class SegmentLoad {
  private static final int BURST = 16;
  private static final int HEX_OF_A_TRACE = 24;
  private static final int HEX_OF_AN_ID = 16;
  private static final int DIGITS = 8;
  private static final String TEMPLATE =
      """
      {"format":"json","version":1}
      {"trace_id":"1-EEEEEEEE-TTTTTTTTTTTTTTTTTTTTTTTT","id":"IIIIIIIIIIIIIIII","name":"my-api",\
      "start_time":SSSSSSSSSS.123456,"end_time":SSSSSSSSSS.173456,"http":{"request":{"method":"GET",\
      "url":"http://my-api.example.com/orders/NNNNNNNN","user_agent":"Mozilla/5.0 (X11; Linux x86_64)",\
      "client_ip":"203.0.113.9"},"response":{"status":200,"content_length":512}},"annotations":{"order_id":\
      "NNNNNNNN","order_type":"bulk"},"metadata":{"default":{"order_data":{"id":"NNNNNNNN","items":[1,2,3],\
      "note":"left at the door"}}},"aws":{"xray":{"sdk":"X-Ray for Python","sdk_version":"2.15.0"}},\
      "service":{"runtime":"CPython","runtime_version":"3.12"},"subsegments":[{"id":"IIIIIIIIIIIIIIJJ",\
      "name":"DynamoDB","start_time":SSSSSSSSSS.125456,"end_time":SSSSSSSSSS.155456,"namespace":"aws",\
      "aws":{"operation":"GetItem","table_name":"Orders","region":"us-east-1","request_id":\
      "4BBFAEXAMPLE3O2I2NU"},"http":{"response":{"status":200}}}]}\
      """;

  private SegmentLoad() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String arg : args) {
      options.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    String target = options.getOrDefault("target", "127.0.0.1:2000");
    int colon = target.lastIndexOf(':');
    int segments = Integer.parseInt(options.getOrDefault("segments", "100000"));
    double rate = Double.parseDouble(options.getOrDefault("rate", "0"));
    long seed = Long.parseLong(options.getOrDefault("seed", "1"));
    long epoch =
        Long.parseLong(
            options.getOrDefault("epoch", Long.toString(System.currentTimeMillis() / 1000)));
    boolean fuzz = Boolean.parseBoolean(options.getOrDefault("fuzz", "false"));
    byte[] template = template(epoch);
    int[] orders = places(template, 'N', DIGITS);
    int trace = places(template, 'T', HEX_OF_A_TRACE)[0];
    int[] ids = places(template, 'I', HEX_OF_AN_ID - 2);
    var bytes = ByteBuffer.allocateDirect(template.length);
    var random = new SplittableRandom(seed);
    try (var channel = DatagramChannel.open()) {
      channel.connect(
          new InetSocketAddress(
              target.substring(0, colon), Integer.parseInt(target.substring(colon + 1))));
      long start = System.nanoTime();
      for (int i = 0; i < segments; i++) {
        if (rate > 0 && i % BURST == 0) pause(start + (long) (i / rate * 1e9));
        hex(template, trace, HEX_OF_A_TRACE / 2, random.nextLong());
        hex(template, trace + HEX_OF_A_TRACE / 2, HEX_OF_A_TRACE / 2, random.nextLong());
        long id = random.nextLong();
        for (int at : ids) hex(template, at, HEX_OF_AN_ID - 2, id);
        for (int at : orders) decimal(template, at, i);
        byte[] datagram = template;
        int length = template.length;
        if (fuzz) {
          datagram = template.clone();
          for (int hits = random.nextInt(4); hits > 0; hits--) {
            // Half of the hits where they hurt: at the head.
            int among = random.nextBoolean() ? 60 : length;
            datagram[random.nextInt(among)] = (byte) random.nextInt(256);
          }
          if (random.nextInt(5) == 0) length = 1 + random.nextInt(length - 1);
        }
        bytes.clear().put(datagram, 0, length).flip();
        int _ = channel.write(bytes);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "{\"sent\":%d,\"seconds\":%.3f,\"per_s\":%.0f,\"bytes\":%d}%n",
          segments, seconds, segments / seconds, template.length);
    }
  }

  private static byte[] template(long epoch) {
    return TEMPLATE
        .replace("EEEEEEEE", "%08x".formatted(epoch))
        .replace("SSSSSSSSSS", Long.toString(epoch))
        .replace("IIIIIIIIIIIIIIII", "IIIIIIIIIIIIII0a")
        .replace("IIIIIIIIIIIIIIJJ", "IIIIIIIIIIIIII0b")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Where runs of this letter begin. */
  private static int[] places(byte[] template, char letter, int length) {
    var places = new int[8];
    int count = 0;
    for (int i = 0; i + length <= template.length; i++) {
      int run = 0;
      while (run < length && template[i + run] == letter) run++;
      if (run == length) places[count++] = i;
    }
    return Arrays.copyOf(places, count);
  }

  private static void hex(byte[] into, int at, int digits, long value) {
    for (int i = 0; i < digits; i++) {
      into[at + i] = (byte) Character.forDigit((int) (value >>> (4 * i)) & 15, 16);
    }
  }

  private static void decimal(byte[] into, int at, int value) {
    int left = value;
    for (int i = DIGITS - 1; i >= 0; i--, left /= 10) into[at + i] = (byte) ('0' + left % 10);
  }

  private static void pause(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
