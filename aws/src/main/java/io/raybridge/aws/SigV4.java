package io.raybridge.aws;

import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests of one service in one region by <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">Signature Version
 * 4</a>, over the body's parts as they lie. The AWS SDK's signer gives the same signatures, which a
 * test checks; it needs a request of its own and a body in one piece.
 */
final class SigV4 {
  private static final HexFormat HEX = HexFormat.of();
  private static final HexFormat UPPER_HEX = HEX.withUpperCase();
  private final String service;
  private final String region;
  private final Queue<Tools> idle = new ConcurrentLinkedQueue<>();
  private volatile @Nullable DayKey dayKey;

  SigV4(String service, String region) {
    this.service = service;
    this.region = region;
  }

  /** The signing key of a day, which is the same for all requests. */
  private record DayKey(String secret, String day, SecretKeySpec key) {}

  /**
   * What hashes, for one request at a time. Kept, since making one goes through the security
   * providers and their constructors by reflection: 1.4 % of all CPU.
   */
  private static final class Tools {
    private final MessageDigest sha256;
    private final Mac hmac;
    private @Nullable SecretKeySpec keyed;

    Tools() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
        hmac = Mac.getInstance("HmacSHA256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java runtime has SHA-256 and HmacSHA256", e);
      }
    }

    @SuppressWarnings("ReferenceEquality") // an equal key that is another one is only set again
    byte[] hmac(SecretKeySpec key, String text) {
      try {
        if (keyed != key) hmac.init(key);
        keyed = key;
        return hmac.doFinal(ascii(text));
      } catch (InvalidKeyException e) {
        throw new IllegalStateException("HmacSHA256 takes every key", e);
      }
    }

    String hash(List<Slice> parts) {
      for (int i = 0; i < parts.size(); i++) {
        var part = parts.get(i);
        sha256.update(part.array(), part.offset(), part.length());
      }
      return HEX.formatHex(sha256.digest());
    }
  }

  /** Adds date, token and signature to the headers, all of which are signed. */
  void sign(
      String method,
      String host,
      String target,
      Headers headers,
      List<Slice> body,
      Credentials credentials,
      Instant now) {
    var time = timestamp(now);
    var day = time.substring(0, 8);
    headers.add("x-amz-date", time);
    if (credentials.sessionToken() != null) {
      headers.add("x-amz-security-token", credentials.sessionToken());
    }
    var canonical = new StringBuilder(512);
    canonical.append(method).append('\n');
    appendTarget(canonical, target);
    var signedHeaders = appendHeaders(canonical, host, headers);
    var kept = idle.poll();
    var tools = kept != null ? kept : new Tools();
    canonical.append('\n').append(signedHeaders).append('\n').append(tools.hash(body));

    var scope = day + "/" + region + "/" + service + "/aws4_request";
    var toSign =
        "AWS4-HMAC-SHA256\n"
            + time
            + "\n"
            + scope
            + "\n"
            + tools.hash(List.of(Slice.of(ascii(canonical.toString()))));
    var key = key(credentials.secretAccessKey(), day, tools);
    var signature = HEX.formatHex(tools.hmac(key, toSign));
    boolean _ = idle.offer(tools);
    headers.add(
        "authorization",
        "AWS4-HMAC-SHA256 Credential="
            + credentials.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + signedHeaders
            + ", Signature="
            + signature);
  }

  private static String timestamp(Instant now) {
    ZonedDateTime utc = now.atZone(ZoneOffset.UTC);
    var text = new StringBuilder(16);
    text.append(utc.getYear());
    two(text, utc.getMonthValue());
    two(text, utc.getDayOfMonth());
    text.append('T');
    two(text, utc.getHour());
    two(text, utc.getMinute());
    two(text, utc.getSecond());
    return text.append('Z').toString();
  }

  private static void two(StringBuilder text, int number) {
    if (number < 10) text.append('0');
    text.append(number);
  }

  private static void appendTarget(StringBuilder out, String target) {
    int question = target.indexOf('?');
    var path = question < 0 ? target : target.substring(0, question);
    appendPath(out, path);
    out.append('\n');
    if (question >= 0) appendQuery(out, target.substring(question + 1));
    out.append('\n');
  }

  /** The path as it is on the wire, encoded once more, as all services but S3 want it. */
  private static void appendPath(StringBuilder out, String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/' || unreserved(c)) out.append(c);
      else out.append('%').append(UPPER_HEX.toHexDigits((byte) c));
    }
  }

  private static void appendQuery(StringBuilder out, String query) {
    if (query.isEmpty()) return;
    var pairs = query.split("&", -1);
    for (int i = 0; i < pairs.length; i++) {
      if (pairs[i].indexOf('=') < 0) pairs[i] += "=";
    }
    // By name, then by value: "=" must not take part in the order.
    Arrays.sort(pairs, (a, b) -> a.replace('=', '\0').compareTo(b.replace('=', '\0')));
    out.append(String.join("&", pairs));
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  /** Appends all headers in order and returns their names. */
  private static String appendHeaders(StringBuilder out, String host, Headers headers) {
    var lines = new String[headers.size() + 1];
    lines[0] = "host:" + host;
    for (int i = 0; i < headers.size(); i++) {
      lines[i + 1] =
          headers.name(i).toLowerCase(Locale.ROOT) + ":" + singleSpaced(headers.value(i));
    }
    Arrays.sort(lines, SigV4::byName);
    var names = new StringBuilder(64);
    for (var line : lines) {
      out.append(line).append('\n');
      if (!names.isEmpty()) names.append(';');
      names.append(line, 0, line.indexOf(':'));
    }
    return names.toString();
  }

  /** By what stands before the colon, without making texts of it for each comparison. */
  private static int byName(String one, String other) {
    for (int i = 0; ; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a == b && a != ':') continue;
      if (a == b) return 0;
      if (a == ':') return -1;
      return b == ':' ? 1 : a - b;
    }
  }

  private static String singleSpaced(String value) {
    var text = value.strip();
    if (text.indexOf("  ") < 0) return text;
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' || text.charAt(i - 1) != ' ') out.append(c);
    }
    return out.toString();
  }

  private SecretKeySpec key(String secret, String day, Tools tools) {
    var cached = dayKey;
    if (cached != null && cached.secret.equals(secret) && cached.day.equals(day)) return cached.key;
    var key = derive("AWS4" + secret, day, tools);
    dayKey = new DayKey(secret, day, key);
    return key;
  }

  private SecretKeySpec derive(String secret, String day, Tools tools) {
    var key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    for (var part : List.of(day, region, service, "aws4_request")) {
      key = new SecretKeySpec(tools.hmac(key, part), "HmacSHA256");
    }
    return key;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
