package io.raybridge.extensions.sigv4auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Authenticator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigV4AuthTest implements ExtensionContract<SigV4AuthConfig> {
  @Override
  public ExtensionFactory<SigV4AuthConfig> factory() {
    return new SigV4AuthFactory();
  }

  @Override
  public String yaml() {
    return "region: eu-west-1\nservice: xray\n";
  }

  @Test
  void extension_isWhatItsFactorySaysItOffers() {
    var extension =
        factory().create(config(), TestContext.of(Kind.EXTENSION, "sigv4auth").context());

    assertThat(factory().offers()).containsExactly(Authenticator.class);
    assertThat(extension).isInstanceOf(Authenticator.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "region: EU|region: EU (expected: a region such as us-east-1)",
        "assume_role: {arn: role}|assume_role.arn: role (expected: arn:aws:iam::",
        "assume_role: {sts_region: '?'}|assume_role.sts_region: ? (expected: a region",
        "assume_role: {external_id: x}|assume_role.external_id: is set without arn",
        "assume_role_with_web_identity: {arn: a}|not built in yet: set AWS_ROLE_ARN",
      })
  void wrongKeys_areNamed(String yaml, String part) {
    assertThat(Binder.bind(SigV4AuthConfig.class, yaml).problems())
        .extracting(Problem::toString)
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains(part));
  }
}
