package io.raybridge.receivers.awsxray;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.aws.AwsSessionConfig;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.sampling.RulesConfig;
import io.raybridge.sampling.ServedRules;
import io.raybridge.transport.Endpoint;
import java.util.Optional;

/** Keys under {@code receivers.awsxray}: all of the Go receiver's. */
@Absent(keys = "dialer", noEffect = "a server does not dial")
public record AwsXrayReceiverConfig(
    @Key(
            doc =
                "The host and UDP port to listen on for segment documents; 0.0.0.0:2000 to be"
                    + " reached from other machines.",
            def = "localhost:2000")
        String endpoint,
    @Key(doc = "The network to listen on: udp.", def = "udp") String transport,
    @Key(doc = "The TCP port that X-Ray's SDKs ask for sampling rules.") ProxyServer proxyServer,
    @Key(doc = "Documents that nobody takes.") DeadLetterConfig deadLetters) {

  public AwsXrayReceiverConfig {
    check("endpoint", endpoint);
    if (!transport.equals("udp")) {
      throw new Invalid("transport", transport + " (expected: udp, as in the Go receiver)");
    }
  }

  private static void check(String key, String endpoint) {
    try {
      var _ = Endpoint.parse(endpoint);
    } catch (IllegalArgumentException e) {
      throw new Invalid(key, String.valueOf(e.getMessage()));
    }
  }

  /** Keys under {@code proxy_server}. */
  @Absent(keys = "dialer", noEffect = "a server does not dial")
  @Absent(
      keys = "additional_routing_rules",
      notYet = "only X-Ray's two sampling calls are handed on")
  public record ProxyServer(
      @Key(doc = "The host and TCP port to listen on.", def = "localhost:2000") String endpoint,
      @Key(
              doc =
                  "HTTP proxy for requests to X-Ray, as http://user:password@host:port. Without it"
                      + " HTTPS_PROXY, HTTP_PROXY and NO_PROXY are asked.")
          Optional<String> proxyAddress,
      @Key(doc = "How TLS to X-Ray is spoken.") Tls tls,
      @Key(
              doc =
                  "The AWS region to ask. Without it: AWS_REGION, AWS_DEFAULT_REGION, the profile's"
                      + " region, and unless local_mode is on, the instance metadata service.")
          Optional<String> region,
      @Key(doc = "ARN of an IAM role to assume.") Optional<String> roleArn,
      @Key(
              doc =
                  "URL to ask instead of the region's endpoint. An endpoint on this machine needs no"
                      + " credentials.")
          Optional<String> awsEndpoint,
      @Key(
              doc = "Whether never to ask the instance metadata service, for use outside of AWS.",
              def = "false")
          boolean localMode,
      @Key(doc = "The service that requests are signed for: xray.", def = "xray")
          String serviceName,
      @Key(
              doc =
                  "Rules to serve instead of X-Ray's, from `files` or `inline`; X-Ray is not asked for"
                      + " them then. Keys as in the processor xray_sampling.")
          RulesConfig rules) {

    public ProxyServer {
      check("endpoint", endpoint);
      ServedRules.check("rules", rules);
      if (!serviceName.equals("xray")) {
        throw new Invalid("service_name", serviceName + " (expected: xray, the only one asked)");
      }
      // Its checks are the session's.
      var _ = session(region, awsEndpoint, roleArn, proxyAddress, tls.insecure(), localMode);
    }

    /** How X-Ray is reached. */
    AwsSessionConfig session() {
      return session(region, awsEndpoint, roleArn, proxyAddress, tls.insecure(), localMode);
    }

    private static AwsSessionConfig session(
        Optional<String> region,
        Optional<String> awsEndpoint,
        Optional<String> roleArn,
        Optional<String> proxyAddress,
        boolean insecure,
        boolean localMode) {
      return AwsSessionConfig.forProxy(
          region, awsEndpoint, roleArn, proxyAddress, insecure, localMode, Optional.empty(), 5);
    }
  }

  /** Keys under {@code proxy_server.tls}. */
  public record Tls(
      @Key(doc = "Accept any certificate. For tests only.", def = "false") boolean insecure,
      @Key(
              doc =
                  "The name to ask X-Ray's endpoint for and to expect in its certificate. Without it"
                      + " the endpoint's own.")
          Optional<String> serverNameOverride) {}
}
