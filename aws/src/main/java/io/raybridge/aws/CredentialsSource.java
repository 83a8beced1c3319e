package io.raybridge.aws;

import io.raybridge.aws.Refreshed.Fetched;
import io.raybridge.aws.Refreshed.UnavailableException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Finds credentials where every AWS SDK finds them. Keys in the environment are read directly; for
 * all else the AWS SDK's providers are asked, whose classes are loaded only then, since that takes
 * longer than the rest of a start.
 */
final class CredentialsSource implements Refreshed.Source<Credentials> {
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);
  private static final Duration BEFORE_EXPIRY = Duration.ofMinutes(5);
  private static final Duration SOONEST = Duration.ofSeconds(10);

  private final AwsSessionConfig config;
  private final Environment environment;
  private final Refreshed<String> region;
  private final String sessionName;
  private volatile @Nullable AwsCredentialsProvider provider;

  /**
   * @param region where to assume a role
   */
  CredentialsSource(AwsSessionConfig config, Environment environment, Refreshed<String> region) {
    this(config, environment, region, "raybridge");
  }

  /**
   * @param sessionName by which the role's audit trail knows us
   */
  CredentialsSource(
      AwsSessionConfig config,
      Environment environment,
      Refreshed<String> region,
      String sessionName) {
    this.config = config;
    this.environment = environment;
    this.region = region;
    this.sessionName = sessionName;
  }

  /** Whether keys in the environment or the configuration say that requests are to be signed. */
  static boolean named(AwsSessionConfig config, Environment environment) {
    return config.roleArn().isPresent()
        || config.profile().isPresent()
        || !config.sharedCredentialsFile().isEmpty()
        || fromEnvironment(environment) != null;
  }

  /** Lets the next fetch begin from nothing, with providers that have not cached anything. */
  void forget() {
    provider = null;
  }

  @Override
  public Fetched<Credentials> fetch() throws UnavailableException {
    if (config.roleArn().isEmpty() && config.profile().isEmpty()) {
      var keys = fromEnvironment(environment);
      if (keys != null) return new Fetched<>(keys, LOOK_AGAIN, null);
    }
    try {
      var found = provider().resolveCredentials();
      var token = found instanceof AwsSessionCredentials session ? session.sessionToken() : null;
      var expires = found.expirationTime().orElse(null);
      var credentials =
          new Credentials(found.accessKeyId(), found.secretAccessKey(), token, expires);
      return new Fetched<>(credentials, freshFor(expires), expires);
    } catch (SdkException | IllegalStateException | IllegalArgumentException e) {
      provider = null;
      throw new UnavailableException(explain(e), e);
    }
  }

  private static @Nullable Credentials fromEnvironment(Environment environment) {
    var id = environment.get("AWS_ACCESS_KEY_ID");
    var secret = environment.get("AWS_SECRET_ACCESS_KEY");
    return id == null || secret == null
        ? null
        : new Credentials(id, secret, environment.get("AWS_SESSION_TOKEN"), null);
  }

  private static Duration freshFor(@Nullable Instant expires) {
    if (expires == null) return LOOK_AGAIN;
    var left = Duration.between(Clock.systemUTC().instant(), expires).minus(BEFORE_EXPIRY);
    if (left.compareTo(SOONEST) < 0) return SOONEST;
    return left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN;
  }

  private AwsCredentialsProvider provider() throws UnavailableException {
    var made = provider;
    if (made == null) {
      made = config.roleArn().isPresent() ? role(config.roleArn().get(), base()) : base();
      provider = made;
    }
    return made;
  }

  /** The order of the AWS SDK's default chain, without the metadata service in local mode. */
  private AwsCredentialsProvider base() {
    if (config.profile().isPresent() || !config.sharedCredentialsFile().isEmpty()) return profile();
    var chain = new ArrayList<AwsCredentialsProvider>();
    chain.add(SystemPropertyCredentialsProvider.create());
    chain.add(EnvironmentVariableCredentialsProvider.create());
    chain.add(WebIdentityTokenFileCredentialsProvider.create());
    chain.add(ProfileCredentialsProvider.create());
    chain.add(ContainerCredentialsProvider.create());
    if (!config.localMode()) chain.add(InstanceProfileCredentialsProvider.create());
    return AwsCredentialsProviderChain.of(chain.toArray(AwsCredentialsProvider[]::new));
  }

  private AwsCredentialsProvider profile() {
    var builder = ProfileCredentialsProvider.builder();
    config.profile().ifPresent(builder::profileName);
    if (!config.sharedCredentialsFile().isEmpty()) {
      builder.profileFile(profiles(config.sharedCredentialsFile()));
    }
    return builder.build();
  }

  private static ProfileFile profiles(List<String> files) {
    var all = ProfileFile.aggregator();
    for (var name : files) {
      var file = Path.of(name);
      if (!Files.isReadable(file)) {
        throw new IllegalStateException("shared_credentials_file " + name + " cannot be read");
      }
      all.addFile(ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build());
    }
    return all.build();
  }

  private AwsCredentialsProvider role(String arn, AwsCredentialsProvider base)
      throws UnavailableException {
    StsClient sts;
    try {
      sts =
          StsClient.builder()
              .region(Region.of(region.get(Duration.ofSeconds(30))))
              .credentialsProvider(base)
              .httpClient(http())
              .build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .refreshRequest(request ->
            request
                .roleArn(arn)
                .roleSessionName(sessionName)
                .externalId(config.externalId().orElse(null)))
        .build();
  }

  private SdkHttpClient http() {
    var builder = UrlConnectionHttpClient.builder();
    config
        .proxyAddress()
        .ifPresent(address ->
            builder.proxyConfiguration(
                ProxyConfiguration.builder().endpoint(URI.create(address)).build()));
    return builder.build();
  }

  private String explain(RuntimeException why) {
    if (config.roleArn().isPresent()) {
      return "role_arn " + config.roleArn().get() + " could not be assumed: " + why.getMessage();
    }
    if (config.profile().isPresent()) {
      return "profile " + config.profile().get() + ": " + why.getMessage();
    }
    return "no AWS credentials found (looked at: environment, web identity, profiles, container"
        + (config.localMode()
            ? "; local_mode keeps from asking the metadata service"
            : ", metadata service")
        + "): "
        + why.getMessage();
  }
}
