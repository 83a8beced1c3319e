package io.raybridge.aws;

import io.raybridge.aws.Refreshed.Fetched;
import io.raybridge.aws.Refreshed.UnavailableException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * Finds credentials where every AWS SDK finds them. Keys in the environment are read directly; for
 * all else the AWS SDK's providers are asked, whose classes are loaded only then, since that takes
 * longer than the rest of a start.
 */
final class CredentialsSource implements Refreshed.Source<Credentials> {
  static final String WEB_IDENTITY = "AWS_WEB_IDENTITY_TOKEN_FILE";
  private static final List<String> CONTAINER =
      List.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI");

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);
  // Keys that say no end are of a file, which may be written anew at any time.
  private static final Duration LOOK_AGAIN_AT_FILES = Duration.ofSeconds(10);
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
        || fromEnvironment(environment) != null
        || environment.get(WEB_IDENTITY) != null
        || inContainer(environment);
  }

  private static boolean inContainer(Environment environment) {
    return CONTAINER.stream().anyMatch(name -> environment.get(name) != null);
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
    } catch (SdkException
        | IllegalStateException
        | IllegalArgumentException
        | UncheckedIOException e) {
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
    if (expires == null) return LOOK_AGAIN_AT_FILES;
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

  /**
   * The order of the AWS SDKs' default chain. As in the Go SDK, a web identity or a container's
   * endpoint that is named and fails is an error: the instance's own role would be somebody else.
   */
  private AwsCredentialsProvider base() throws UnavailableException {
    if (config.profile().isPresent() || !config.sharedCredentialsFile().isEmpty()) return profile();
    var places = new LinkedHashMap<String, AwsCredentialsProvider>();
    places.put("system properties", SystemPropertyCredentialsProvider.create());
    places.put("environment", EnvironmentVariableCredentialsProvider.create());
    if (environment.get(WEB_IDENTITY) != null) {
      places.put("web identity", webIdentity());
      return new Chain(places);
    }
    places.put("profiles", ProfileCredentialsProvider.create());
    if (inContainer(environment)) places.put("container", ContainerCredentialsProvider.create());
    else if (!config.localMode()) {
      places.put("metadata service", InstanceProfileCredentialsProvider.create());
    }
    return new Chain(places);
  }

  /** The first place that has credentials, asked from then on; where none has, what each said. */
  private static final class Chain implements AwsCredentialsProvider {
    private final Map<String, AwsCredentialsProvider> places;
    private @Nullable AwsCredentialsProvider found;

    Chain(Map<String, AwsCredentialsProvider> places) {
      this.places = places;
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
      if (found != null) return found.resolveCredentials();
      var said = new ArrayList<String>();
      for (var place : places.entrySet()) {
        try {
          var credentials = place.getValue().resolveCredentials();
          found = place.getValue();
          return credentials;
        } catch (SdkException | IllegalStateException | IllegalArgumentException e) {
          said.add(place.getKey() + ": " + why(place.getValue(), e));
        }
      }
      throw SdkClientException.create(String.join("; ", said));
    }

    /** The SDK says of either of the first two that both have nothing. */
    private static String why(AwsCredentialsProvider place, RuntimeException e) {
      return place instanceof SystemPropertyCredentialsProvider
              || place instanceof EnvironmentVariableCredentialsProvider
          ? "none"
          : String.valueOf(e.getMessage());
    }
  }

  private AwsCredentialsProvider profile() {
    var builder = ProfileCredentialsProvider.builder();
    config.profile().ifPresent(builder::profileName);
    if (!config.sharedCredentialsFile().isEmpty()) {
      builder.profileFile(profiles(config.sharedCredentialsFile()));
    }
    return builder.build();
  }

  /**
   * The files, read at each look. The SDK's own supplier goes by their times, and does not see what
   * is written within the same tick as the look before.
   */
  private static ProfileFileSupplier profiles(List<String> files) {
    var all = new ArrayList<ProfileFileSupplier>();
    for (var name : files) {
      var file = Path.of(name);
      if (!Files.isReadable(file)) {
        throw new IllegalStateException("shared_credentials_file " + name + " cannot be read");
      }
      all.add(() -> ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build());
    }
    return ProfileFileSupplier.aggregate(all.toArray(ProfileFileSupplier[]::new));
  }

  private AwsCredentialsProvider role(String arn, AwsCredentialsProvider base)
      throws UnavailableException {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts(base))
        .refreshRequest(request ->
            request
                .roleArn(arn)
                .roleSessionName(sessionName)
                .externalId(config.externalId().orElse(null)))
        .build();
  }

  /** IAM roles for service accounts: the token's file is read at each renewal. */
  private AwsCredentialsProvider webIdentity() throws UnavailableException {
    var session = environment.get("AWS_ROLE_SESSION_NAME");
    return StsWebIdentityTokenFileCredentialsProvider.builder()
        .stsClient(sts(AnonymousCredentialsProvider.create()))
        .roleSessionName(session == null ? sessionName : session)
        .build();
  }

  private StsClient sts(AwsCredentialsProvider credentials) throws UnavailableException {
    try {
      return StsClient.builder()
          .region(Region.of(region.get(Duration.ofSeconds(30))))
          .credentialsProvider(credentials)
          .httpClient(
              new SdkHttp(
                  AwsClient.settings(config, environment),
                  Duration.ofSeconds(config.requestTimeoutSeconds())))
          .build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }

  private String explain(RuntimeException why) {
    if (config.roleArn().isPresent()) {
      return "role_arn " + config.roleArn().get() + " could not be assumed: " + why.getMessage();
    }
    var webIdentityRole = environment.get("AWS_ROLE_ARN");
    if (environment.get(WEB_IDENTITY) != null && webIdentityRole != null) {
      return "role " + webIdentityRole + " of AWS_ROLE_ARN: " + why.getMessage();
    }
    if (config.profile().isPresent()) {
      return "profile " + config.profile().get() + ": " + why.getMessage();
    }
    return "no AWS credentials found: "
        + why.getMessage()
        + (config.localMode()
            ? "; local_mode keeps from asking the metadata service"
            : asksMetadata() ? RegionSource.metadataHint(environment) : "");
  }

  private boolean asksMetadata() {
    return environment.get(WEB_IDENTITY) == null && !inContainer(environment);
  }
}
