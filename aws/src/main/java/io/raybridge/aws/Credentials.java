package io.raybridge.aws;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request is signed with.
 *
 * @param sessionToken of temporary credentials, or null
 * @param expires when they end, or null when that is not known
 */
record Credentials(
    String accessKeyId,
    String secretAccessKey,
    @Nullable String sessionToken,
    @Nullable Instant expires) {
  @Override
  public String toString() {
    return "credentials of access key " + accessKeyId;
  }
}
