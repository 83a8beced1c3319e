package io.raybridge.extensions.sigv4auth;

import io.raybridge.api.Context;
import io.raybridge.api.Extension;
import io.raybridge.aws.AwsSigner;
import io.raybridge.aws.AwsSignerConfig;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.HttpResponse;
import java.util.Optional;

/** Signs requests to AWS for the exporters that name it. */
final class SigV4Auth implements Extension, Authenticator {
  private final AwsSigner signer;

  SigV4Auth(AwsSignerConfig config, Context context) {
    signer = new AwsSigner(config, context);
  }

  @Override
  public void start() {
    signer.prepare();
  }

  @Override
  public void authenticate(HttpRequest request)
      throws AuthenticationException, InterruptedException {
    signer.authenticate(request);
  }

  @Override
  public Optional<Refusal> explain(HttpResponse response, String message) {
    return signer.explain(response, message);
  }
}
