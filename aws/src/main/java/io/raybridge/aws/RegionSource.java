package io.raybridge.aws;

import io.raybridge.aws.Refreshed.Fetched;
import io.raybridge.aws.Refreshed.UnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;

/** Finds the region where the AWS SDKs find it; the metadata service comes last. */
final class RegionSource implements Refreshed.Source<String> {
  private static final Duration FOR_GOOD = Duration.ofDays(365);
  private final AwsSessionConfig config;
  private final Environment environment;
  private final @Nullable Endpoint endpoint;

  /**
   * @param endpoint the configured endpoint, or null
   */
  RegionSource(AwsSessionConfig config, Environment environment, @Nullable Endpoint endpoint) {
    this.config = config;
    this.environment = environment;
    this.endpoint = endpoint;
  }

  /** The region as far as configuration, environment and endpoint say it, or null. */
  @Nullable String atHand() {
    if (config.region().isPresent()) return config.region().get();
    var region = environment.get("AWS_REGION");
    if (region == null) region = environment.get("AWS_DEFAULT_REGION");
    if (region == null && endpoint != null) region = Endpoints.regionOf(endpoint);
    // What answers on this machine does not ask where it is; a signature needs some region.
    if (region == null && endpoint != null && endpoint.origin().loopback()) region = "us-east-1";
    return region;
  }

  @Override
  public Fetched<String> fetch() throws UnavailableException {
    var region = atHand();
    if (region == null) region = profile();
    if (region == null && !config.localMode()) region = instance();
    if (region == null) {
      throw new UnavailableException(
          "no AWS region found (set region or AWS_REGION)"
              + (config.localMode()
                  ? ""
                  : ": neither configuration, environment, profile nor metadata service name one"
                      + metadataHint(environment)),
          null);
    }
    return new Fetched<>(region, FOR_GOOD, null);
  }

  /** What to do where the metadata service said nothing, as the end of a message. */
  static String metadataHint(Environment environment) {
    return environment.isTrue("AWS_EC2_METADATA_DISABLED")
        ? "; AWS_EC2_METADATA_DISABLED keeps from asking the metadata service"
        : "; in a container on an instance the metadata service answers only where the instance's"
            + " http-put-response-hop-limit is 2 or the pod has hostNetwork";
  }

  private @Nullable String profile() {
    try {
      Region region =
          config.profile().isPresent()
              ? new AwsProfileRegionProvider(
                      ProfileFile::defaultProfileFile, config.profile().get())
                  .getRegion()
              : new AwsProfileRegionProvider().getRegion();
      return region == null ? null : region.id();
    } catch (SdkException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String instance() {
    try {
      Region region = new InstanceProfileRegionProvider().getRegion();
      return region == null ? null : region.id();
    } catch (SdkException e) {
      return null;
    }
  }
}
