package io.raybridge.distribution;

import io.raybridge.testkit.AwsCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes a request's signature as AWS does on its side: from what came over the wire and the
 * secret, by the steps of Signature Version 4.
 */
final class SignatureCheck {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=(\\w+)");

  private SignatureCheck() {}

  /** Whether the signature is right for this secret and scope, such as us-east-1/xray. */
  static boolean isValid(AwsCall call, String secret, String scope) throws Exception {
    Matcher parts = AUTHORIZATION.matcher(call.headers().getOrDefault("authorization", ""));
    if (!parts.matches()) return false;
    String time = call.headers().get("x-amz-date");
    String fullScope = time.substring(0, 8) + "/" + scope + "/aws4_request";
    if (!parts.group(2).equals(fullScope)) return false;

    var canonical = new StringBuilder(call.method() + "\n" + call.path() + "\n\n");
    for (String name : parts.group(3).split(";")) {
      canonical.append(name).append(':').append(call.headers().get(name).strip()).append('\n');
    }
    canonical.append('\n').append(parts.group(3)).append('\n').append(sha256(call.body()));
    String toSign =
        "AWS4-HMAC-SHA256\n" + time + "\n" + fullScope + "\n" + sha256(bytes(canonical.toString()));
    byte[] key = bytes("AWS4" + secret);
    for (String step : fullScope.split("/")) key = hmac(key, step);
    boolean all =
        Arrays.asList(parts.group(3).split(";")).containsAll(List.of("host", "x-amz-date"));
    return all && HexFormat.of().formatHex(hmac(key, toSign)).equals(parts.group(4));
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
