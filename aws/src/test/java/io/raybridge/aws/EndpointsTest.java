package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;

class EndpointsTest {
  private static final AwsSessionConfig NOTHING = Sessions.of(Map.of());

  @ParameterizedTest
  @CsvSource({
    "us-east-1, https://xray.us-east-1.amazonaws.com",
    "us-gov-west-1, https://xray.us-gov-west-1.amazonaws.com",
    "cn-north-1, https://xray.cn-north-1.amazonaws.com.cn",
    "us-iso-east-1, https://xray.us-iso-east-1.c2s.ic.gov",
    "us-isob-east-1, https://xray.us-isob-east-1.sc2s.sgov.gov",
    "eu-isoe-west-1, https://xray.eu-isoe-west-1.cloud.adc-e.uk",
    "eu-north-99, https://xray.eu-north-99.amazonaws.com",
  })
  void region_liesInItsPartition(String region, String url) {
    assertThat(Endpoints.regional(AwsService.XRAY, region, Sessions.environment()))
        .hasToString(url);
  }

  @Test
  void everyRegionThatTheSdkKnows_isWhereTheSdkSays() {
    for (var region : Region.regions()) {
      if (region.isGlobalRegion()) continue;
      assertThat(Endpoints.regional(AwsService.XRAY, region.id(), Sessions.environment()))
          .isEqualTo(Endpoints.inPartition(AwsService.XRAY, region.id(), false, false));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, https://monitoring-fips.us-east-1.amazonaws.com",
    "false, true, https://monitoring.us-east-1.api.aws",
    "true, true, https://monitoring-fips.us-east-1.api.aws",
  })
  void variables_chooseFipsAndDualStack(String fips, String dual, String url) {
    var environment =
        Sessions.environment("AWS_USE_FIPS_ENDPOINT", fips, "AWS_USE_DUALSTACK_ENDPOINT", dual);

    assertThat(Endpoints.regional(AwsService.CLOUDWATCH, "us-east-1", environment))
        .hasToString(url);
  }

  @Test
  void configuration_winsOverTheServicesVariable_whichWinsOverTheGeneralOne() {
    var both =
        Sessions.environment(
            "AWS_ENDPOINT_URL_XRAY", "http://one:1", "AWS_ENDPOINT_URL", "http://two:2/base/");

    assertThat(Endpoints.configured(AwsService.XRAY, Sessions.endpoint("http://zero"), both))
        .hasToString("http://zero");
    assertThat(Endpoints.configured(AwsService.XRAY, NOTHING, both)).hasToString("http://one:1");
    assertThat(Endpoints.configured(AwsService.CLOUDWATCH, NOTHING, both))
        .hasToString("http://two:2/base");
  }

  @Test
  void ignoredVariables_leaveTheRegion() {
    var environment =
        Sessions.environment(
            "AWS_ENDPOINT_URL", "http://two:2", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");

    assertThat(Endpoints.configured(AwsService.XRAY, NOTHING, environment)).isNull();
  }

  @Test
  void variableThatIsNoUrl_isNamed() {
    var environment = Sessions.environment("AWS_ENDPOINT_URL_XRAY", "ftp://x");

    assertThatThrownBy(() -> Endpoints.configured(AwsService.XRAY, NOTHING, environment))
        .hasMessageContaining("AWS_ENDPOINT_URL_XRAY")
        .hasMessageContaining("expected: http");
  }

  @ParameterizedTest
  @CsvSource({
    "https://xray.eu-central-1.amazonaws.com, eu-central-1",
    "https://vpce-0a1b-2c.xray.us-gov-west-1.vpce.amazonaws.com, us-gov-west-1",
    "https://proxy.example.com, ",
  })
  void region_isReadFromTheEndpointsName(String url, String region) {
    assertThat(Endpoints.regionOf(Endpoint.of(url))).isEqualTo(region);
  }
}
