package io.raybridge.aws;

/**
 * A service of AWS, by the names that its endpoints, its signatures and the environment have for
 * it.
 *
 * @param prefix the first part of its host names
 * @param signingName its name in the scope of a signature
 * @param variable what follows {@code AWS_ENDPOINT_URL_} in the environment
 */
public record AwsService(String prefix, String signingName, String variable) {
  public static final AwsService XRAY = new AwsService("xray", "xray", "XRAY");
  public static final AwsService CLOUDWATCH =
      new AwsService("monitoring", "monitoring", "CLOUDWATCH");
}
