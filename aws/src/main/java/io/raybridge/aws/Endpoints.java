package io.raybridge.aws;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.EndpointTag;
import software.amazon.awssdk.regions.PartitionEndpointKey;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * Finds a service's endpoint as the AWS SDKs do: the configuration, the service's own variable, the
 * variable for all, the region's.
 */
final class Endpoints {
  private static final Pattern REGION = Pattern.compile("(?:^|\\.)([a-z]{2}(?:-[a-z]+)+-\\d)\\.");

  private static final Pattern COMMERCIAL =
      Pattern.compile("(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\\d+");

  private Endpoints() {}

  /**
   * The endpoint that configuration or environment name, or null.
   *
   * @throws IllegalArgumentException naming the variable whose value is no URL
   */
  static @Nullable Endpoint configured(
      AwsService service, AwsSessionConfig config, Environment environment) {
    if (config.endpoint().isPresent()) return Endpoint.of(config.endpoint().get());
    if (environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return null;
    var own = named("AWS_ENDPOINT_URL_" + service.variable(), environment);
    return own != null ? own : named("AWS_ENDPOINT_URL", environment);
  }

  private static @Nullable Endpoint named(String variable, Environment environment) {
    var url = environment.get(variable);
    if (url == null) return null;
    try {
      return Endpoint.of(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "environment variable " + variable + ": " + e.getMessage(), e);
    }
  }

  /** The region's own endpoint, in whatever partition it lies. */
  static Endpoint regional(AwsService service, String region, Environment environment) {
    boolean fips = environment.isTrue("AWS_USE_FIPS_ENDPOINT");
    boolean dualstack = environment.isTrue("AWS_USE_DUALSTACK_ENDPOINT");
    // Most regions need no table; loading the SDK's took 320 ms of a cold start.
    if (!fips && !dualstack && COMMERCIAL.matcher(region).matches()) {
      return Endpoint.of("https://" + service.prefix() + "." + region + ".amazonaws.com");
    }
    return inPartition(service, region, fips, dualstack);
  }

  /** What the SDK's table of partitions says. */
  static Endpoint inPartition(AwsService service, String region, boolean fips, boolean dualstack) {
    var key = PartitionEndpointKey.builder();
    if (fips && dualstack) key.tags(EndpointTag.FIPS, EndpointTag.DUALSTACK);
    else if (fips) key.tags(EndpointTag.FIPS);
    else if (dualstack) key.tags(EndpointTag.DUALSTACK);
    var partition = PartitionMetadata.of(Region.of(region));
    var pattern = partition.hostname(key.build());
    var suffix = partition.dnsSuffix(key.build());
    if (pattern == null || suffix == null) {
      throw new IllegalArgumentException(
          "partition "
              + partition.id()
              + " of region "
              + region
              + " has no endpoints of the kind that AWS_USE_FIPS_ENDPOINT and"
              + " AWS_USE_DUALSTACK_ENDPOINT ask for");
    }
    return Endpoint.of(
        "https://"
            + pattern
                .replace("{service}", service.prefix())
                .replace("{region}", region)
                .replace("{dnsSuffix}", suffix));
  }

  /** The region that stands in an endpoint's name, such as that of a VPC endpoint, or null. */
  static @Nullable String regionOf(Endpoint endpoint) {
    return regionOf(endpoint.origin().host());
  }

  /** The region that stands in a host's name, or null. */
  static @Nullable String regionOf(String host) {
    var matcher = REGION.matcher(host);
    return matcher.find() ? matcher.group(1) : null;
  }
}
