package io.raybridge.aws;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Session settings of tests, as their YAML would bind. */
final class Sessions {
  private Sessions() {}

  static AwsSessionConfig endpoint(String url) {
    return of(Map.of("endpoint", url));
  }

  static AwsSessionConfig of(Map<String, String> keys) {
    var left = new HashMap<>(keys);
    var config =
        new AwsSessionConfig(
            Optional.ofNullable(left.remove("region")),
            Optional.ofNullable(left.remove("endpoint")),
            Optional.ofNullable(left.remove("role_arn")),
            Optional.ofNullable(left.remove("external_id")),
            Optional.empty(),
            Integer.parseInt(left.getOrDefault("request_timeout_seconds", "30")),
            2,
            false,
            Optional.ofNullable(left.remove("proxy_address")),
            Boolean.parseBoolean(left.remove("local_mode")),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.ofNullable(left.remove("profile")),
            left.containsKey("shared_credentials_file")
                ? List.of(left.remove("shared_credentials_file"))
                : List.of());
    left.remove("request_timeout_seconds");
    if (!left.isEmpty()) throw new AssertionError("not a key: " + left);
    return config;
  }

  static Environment environment(String... namesAndValues) {
    var map = new HashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Environment(map::get);
  }
}
