package io.raybridge.aws;

import io.raybridge.delivery.Failure;
import io.raybridge.transport.client.HttpResponse;

/** What came of one request to AWS. */
public sealed interface AwsReply {
  /** The service did what was asked: a status of 200 to 299. */
  record Done(HttpResponse response) implements AwsReply {}

  /** It did not, or cannot be known to have done so. */
  record Failed(Failure failure) implements AwsReply {}
}
