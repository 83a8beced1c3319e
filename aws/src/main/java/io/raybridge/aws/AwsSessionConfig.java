package io.raybridge.aws;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.transport.client.Proxy;
import java.util.List;
import java.util.Optional;

/** The keys that all AWS exporters share, named as the Go exporters'. */
public record AwsSessionConfig(
    @Key(
            doc =
                "The AWS region to send to. Without it: AWS_REGION, AWS_DEFAULT_REGION, the"
                    + " profile's region, the region in a configured endpoint, and unless local_mode"
                    + " is on, the instance metadata service.")
        Optional<String> region,
    @Key(
            doc =
                "URL to send to instead of the region's endpoint. Without it"
                    + " AWS_ENDPOINT_URL_<SERVICE> and AWS_ENDPOINT_URL are asked. An endpoint on"
                    + " this machine needs no credentials.")
        Optional<String> endpoint,
    @Key(doc = "ARN of an IAM role to assume, for sending to another account.")
        Optional<String> roleArn,
    @Key(doc = "External id that the role asks for.") Optional<String> externalId,
    @Key(
            doc =
                "The most requests in flight at once. Without it their number follows the service's"
                    + " latency and throttling, up to one for each 512 KiB of heap and at most 1024.",
            min = 1,
            max = 4096)
        Optional<Integer> numWorkers,
    @Key(
            doc = "Seconds for one request: connecting, sending and the whole answer.",
            def = "30",
            min = 1,
            max = 3600)
        int requestTimeoutSeconds,
    @Key(
            doc = "Attempts of the Go exporter's client for one request.",
            def = "2",
            noEffect = "retry_on_failure decides how often and how long a request is sent again")
        int maxRetries,
    @Key(doc = "Speak TLS but accept any certificate. For tests only.", def = "false")
        boolean noVerifySsl,
    @Key(
            doc =
                "HTTP proxy for all requests, as http://user:password@host:port. Without it"
                    + " HTTPS_PROXY, HTTP_PROXY and NO_PROXY are asked.")
        Optional<String> proxyAddress,
    @Key(
            doc = "Whether never to ask the instance metadata service, for use outside of AWS.",
            def = "false")
        boolean localMode,
    @Key(doc = "ARN of the AWS resource that the collector runs on, for telemetry records.")
        Optional<String> resourceArn,
    @Key(doc = "PEM file of authorities to trust besides those of the Java runtime.")
        Optional<String> certificateFilePath,
    @Key(
            doc = "Attempts at the instance metadata service.",
            def = "1",
            noEffect = "the AWS SDK's own retries apply, and later requests try again")
        int imdsRetries,
    @Key(doc = "Profile of the shared configuration files to take credentials and region from.")
        Optional<String> profile,
    @Key(doc = "Shared credentials files to read instead of ~/.aws/credentials.")
        List<String> sharedCredentialsFile) {

  private static final int HEAP_PER_REQUEST = 512 << 10;
  private static final int FEWEST_AT_MOST = 64;
  private static final int MOST_AT_MOST = 1024;

  public AwsSessionConfig {
    endpoint.ifPresent(AwsSessionConfig::checkEndpoint);
    proxyAddress.ifPresent(AwsSessionConfig::checkProxy);
    roleArn.ifPresent(arn -> checkRole("role_arn", arn));
    if (externalId.isPresent() && roleArn.isEmpty()) {
      throw new Invalid("external_id", "is set without role_arn (expected: both)");
    }
    region.ifPresent(name -> checkRegion("region", name));
  }

  /**
   * How many requests there may be in flight at once. Without a number of the user's as many as a
   * destination that answers after 100 ms needs for 320,000 spans a second, which is 640, and some:
   * how many there are really is found by what comes back.
   */
  public int mostRequests() {
    long forHeap = Runtime.getRuntime().maxMemory() / HEAP_PER_REQUEST;
    return numWorkers.orElse(Math.clamp(forHeap, FEWEST_AT_MOST, MOST_AT_MOST));
  }

  /** Where only region and role are configured. */
  static AwsSessionConfig of(
      Optional<String> region, Optional<String> roleArn, Optional<String> externalId) {
    return new AwsSessionConfig(
        region,
        Optional.empty(),
        roleArn,
        externalId,
        Optional.empty(),
        30,
        2,
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty(),
        List.of());
  }

  /**
   * Of the few keys that a proxy for SDKs has, whose {@code endpoint} is its own and X-Ray's {@code
   * aws_endpoint}.
   *
   * @param numWorkers how many calls there may be at once, if not as many as come
   * @param timeoutSeconds how long a call may take
   */
  public static AwsSessionConfig forProxy(
      Optional<String> region,
      Optional<String> awsEndpoint,
      Optional<String> roleArn,
      Optional<String> proxyAddress,
      boolean noVerifySsl,
      boolean localMode,
      Optional<Integer> numWorkers,
      int timeoutSeconds) {
    try {
      return new AwsSessionConfig(
          region,
          awsEndpoint,
          roleArn,
          Optional.empty(),
          numWorkers,
          timeoutSeconds,
          2,
          noVerifySsl,
          proxyAddress,
          localMode,
          Optional.empty(),
          Optional.empty(),
          1,
          Optional.empty(),
          List.of());
    } catch (Invalid e) {
      var key = e.key().equals("endpoint") ? "aws_endpoint" : e.key();
      throw new Invalid(key, String.valueOf(e.getMessage()));
    }
  }

  static void checkRegion(String key, String region) {
    if (!region.matches("[a-z0-9-]{1,63}")) {
      throw new Invalid(key, region + " (expected: a region such as us-east-1)");
    }
  }

  private static void checkEndpoint(String endpoint) {
    try {
      var _ = Endpoint.of(endpoint);
    } catch (IllegalArgumentException e) {
      throw new Invalid("endpoint", String.valueOf(e.getMessage()));
    }
  }

  private static void checkProxy(String address) {
    try {
      var _ = Proxy.of(address);
    } catch (IllegalArgumentException e) {
      throw new Invalid("proxy_address", String.valueOf(e.getMessage()));
    }
  }

  static void checkRole(String key, String arn) {
    if (!arn.matches("arn:aws[a-z-]*:iam::\\d{12}:role/.+")) {
      throw new Invalid(
          key, arn + " (expected: arn:aws:iam::<12 digits of the account>:role/<name>)");
    }
  }
}
