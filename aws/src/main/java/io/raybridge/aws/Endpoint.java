package io.raybridge.aws;

import io.raybridge.transport.client.Origin;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a service is reached.
 *
 * @param basePath what stands before each path, without a slash at its end
 */
record Endpoint(Origin origin, String basePath) {
  /**
   * Reads a URL; without a scheme https is meant.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static Endpoint of(String url) {
    URI uri;
    try {
      uri = new URI(url.contains("://") ? url : "https://" + url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(url + " (expected: https://host): " + e.getReason(), e);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException(url + " (expected: https://host, nothing after it)");
    }
    var path = uri.getRawPath() == null ? "" : uri.getRawPath();
    while (path.endsWith("/")) path = path.substring(0, path.length() - 1);
    return new Endpoint(Origin.of(uri), path);
  }

  @Override
  public String toString() {
    return origin + basePath;
  }
}
