package io.raybridge.extensions.awsproxy;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.aws.AwsSessionConfig;
import io.raybridge.sampling.RulesConfig;
import io.raybridge.sampling.ServedRules;
import io.raybridge.transport.Endpoint;
import java.util.Optional;

/** Keys under {@code extensions.awsproxy}, the Go extension's and {@code rules}. */
@Absent(keys = "additional_routing_rules", notYet = "only X-Ray's two sampling calls are handed on")
public record AwsProxyConfig(
    @Key(
            doc =
                "The host and port to listen on. Whoever reaches it can ask for sampling rules in"
                    + " the collector's name.",
            def = "localhost:2000")
        String endpoint,
    @Key(
            doc =
                "HTTP proxy for calls to AWS, as http://host:port. Without it HTTPS_PROXY,"
                    + " HTTP_PROXY and NO_PROXY are asked.")
        Optional<String> proxyAddress,
    @Key(doc = "How TLS is spoken to AWS.") Tls tls,
    @Key(
            doc =
                "The AWS region to ask. Without it: AWS_REGION, AWS_DEFAULT_REGION, the shared"
                    + " configuration, and unless local_mode is on, the instance metadata service.")
        Optional<String> region,
    @Key(doc = "ARN of an IAM role to assume.") Optional<String> roleArn,
    @Key(doc = "URL to ask instead of X-Ray's endpoint of the region.")
        Optional<String> awsEndpoint,
    @Key(
            doc = "Whether never to ask the instance metadata service, for use outside of AWS.",
            def = "false")
        boolean localMode,
    @Key(doc = "The AWS service to hand calls on to: xray.", def = "xray") String serviceName,
    @Key(
            doc =
                "Rules to serve instead of X-Ray's, from `files` or `inline`; AWS is not asked"
                    + " then. Keys as in the processor xray_sampling.")
        RulesConfig rules) {

  /** Keys under {@code tls}. */
  @Absent(
      keys = {
        "server_name_override",
        "ca_file",
        "ca_pem",
        "cert_file",
        "cert_pem",
        "key_file",
        "key_pem"
      },
      notYet = "trust an authority by the Java runtime's own store")
  public record Tls(
      @Key(doc = "Speak TLS but accept any certificate. For tests only.", def = "false")
          boolean insecure) {}

  public AwsProxyConfig {
    try {
      Endpoint.parse(endpoint);
    } catch (IllegalArgumentException e) {
      throw new Invalid("endpoint", String.valueOf(e.getMessage()));
    }
    if (!serviceName.equals("xray")) {
      throw new Invalid("service_name", serviceName + " (expected: xray, the only one built in)");
    }
    ServedRules.check("rules", rules);
    // Its checks are the session's.
    var _ = session(region, awsEndpoint, roleArn, proxyAddress, tls.insecure(), localMode);
  }

  AwsSessionConfig session() {
    return session(region, awsEndpoint, roleArn, proxyAddress, tls.insecure(), localMode);
  }

  private static AwsSessionConfig session(
      Optional<String> region,
      Optional<String> endpoint,
      Optional<String> roleArn,
      Optional<String> proxyAddress,
      boolean insecure,
      boolean localMode) {
    // SDKs wait two seconds for their answers.
    return AwsSessionConfig.forProxy(
        region, endpoint, roleArn, proxyAddress, insecure, localMode, Optional.of(8), 2);
  }
}
