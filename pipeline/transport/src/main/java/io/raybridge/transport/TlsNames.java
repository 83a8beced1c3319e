package io.raybridge.transport;

import io.raybridge.api.Invalid;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/** Turns the Go collector's names of TLS versions, cipher suites and curves into Java's. */
final class TlsNames {
  private static final Map<String, String> CURVES =
      Map.of("X25519", "x25519", "P256", "secp256r1", "P384", "secp384r1", "P521", "secp521r1");

  /** Go cannot choose these either; a list of TLS 1.2 suites must not turn TLS 1.3 off. */
  private static final List<String> TLS_1_3_SUITES =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private TlsNames() {}

  static String version(String key, String version) {
    return switch (version) {
      case "1.2" -> "TLSv1.2";
      case "1.3" -> "TLSv1.3";
      case "1.0", "1.1" ->
          throw new Invalid(
              key, version + " (expected: 1.2 or 1.3; older versions are broken and switched off)");
      default -> throw new Invalid(key, version + " (expected: 1.2 or 1.3)");
    };
  }

  static List<String> versions(String min, String max) {
    var versions = new ArrayList<String>(2);
    if (max.equals("1.3")) {
      versions.add("TLSv1.3");
    }
    if (min.equals("1.2")) {
      versions.add("TLSv1.2");
    }
    return versions;
  }

  static List<String> cipherSuites(List<String> names) {
    Set<String> known = Set.of(javaContext().getSupportedSSLParameters().getCipherSuites());
    var suites = new ArrayList<String>(names.size() + TLS_1_3_SUITES.size());
    for (String name : names) {
      if (!known.contains(name)) {
        throw new Invalid(
            "cipher_suites", name + " (expected: one of " + new TreeSet<>(known) + ")");
      }
      suites.add(name);
    }
    for (String suite : TLS_1_3_SUITES) {
      if (!suites.contains(suite)) {
        suites.add(suite);
      }
    }
    return suites;
  }

  static String[] curves(List<String> names) {
    var curves = new String[names.size()];
    for (int i = 0; i < curves.length; i++) {
      String curve = CURVES.get(names.get(i));
      if (curve == null) {
        throw new Invalid(
            "curve_preferences",
            names.get(i) + " (expected: one of " + new TreeSet<>(CURVES.keySet()) + ")");
      }
      curves[i] = curve;
    }
    return curves;
  }

  private static SSLContext javaContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }
}
