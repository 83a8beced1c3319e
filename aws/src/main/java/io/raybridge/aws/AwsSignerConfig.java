package io.raybridge.aws;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.util.Optional;

/** The keys of what signs other people's requests, named as contrib's {@code sigv4auth}. */
public record AwsSignerConfig(
    @Key(
            doc =
                "The AWS region to sign for. Without it the region in the server's name, else"
                    + " AWS_REGION, the profile's or the instance's.")
        Optional<String> region,
    @Key(
            doc =
                "The AWS service to sign for. Without it xray, logs, monitoring, aps or es, where"
                    + " the server's name tells.")
        Optional<String> service,
    @Key(doc = "A role to sign as. Without it, as whom the credentials found are.")
        Optional<AssumeRole> assumeRole) {

  /** Keys under {@code assume_role}. */
  public record AssumeRole(
      @Key(doc = "ARN of the role.") Optional<String> arn,
      @Key(doc = "Name of the session, for the role's audit trail.", def = "raybridge")
          String sessionName,
      @Key(doc = "The region whose STS is asked for the role. Without it `region`.")
          Optional<String> stsRegion,
      @Key(doc = "External id that the role asks for. Not a key of the Go extension.")
          Optional<String> externalId) {
    public AssumeRole {
      arn.ifPresent(role -> AwsSessionConfig.checkRole("arn", role));
      stsRegion.ifPresent(region -> AwsSessionConfig.checkRegion("sts_region", region));
      if (externalId.isPresent() && arn.isEmpty()) {
        throw new Invalid("external_id", "is set without arn (expected: both)");
      }
    }
  }

  public AwsSignerConfig {
    region.ifPresent(name -> AwsSessionConfig.checkRegion("region", name));
  }
}
