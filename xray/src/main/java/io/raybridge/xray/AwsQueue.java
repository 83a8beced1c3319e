package io.raybridge.xray;

import java.util.Arrays;

/**
 * Finds the queue of an SQS call, which X-Ray makes a node of its own by its URL. Instrumentation
 * of SQS that is not part of an AWS SDK's says so by the messaging system alone, and some say the
 * queue's URL where others say the URL of a request or a host.
 */
final class AwsQueue {
  private static final byte[] SQS = Ascii.bytes("aws_sqs");
  private static final byte[] OLD_SQS = Ascii.bytes("aws.sqs");
  private static final byte[] OLDEST_SQS = Ascii.bytes("AmazonSQS");
  private static final byte[] SCHEME_END = Ascii.bytes("://");

  private AwsQueue() {}

  /** Whether this call goes to SQS and says to which queue, whatever library it was made by. */
  static boolean isCalled(Draft draft) {
    return isSqs(draft) && url(draft) >= 0;
  }

  static boolean isSqs(Draft draft) {
    return draft.has(Keys.MESSAGING_SYSTEM)
        && (draft.is(Keys.MESSAGING_SYSTEM, SQS)
            || draft.is(Keys.MESSAGING_SYSTEM, OLD_SQS)
            || draft.is(Keys.MESSAGING_SYSTEM, OLDEST_SQS));
  }

  /** Where the attribute with the queue's URL is, or -1. */
  static int url(Draft draft) {
    int url = draft.text(Keys.MESSAGING_URL, Keys.AWS_QUEUE_URL);
    if (url < 0) url = draft.text(Keys.AWS_QUEUE_URL_2, Keys.AWS_SQS_QUEUE_URL);
    if (url >= 0 || !isSqs(draft)) return url;
    // OpenTelemetry's instrumentation of the AWS SDK for Go.
    url = draft.text(Keys.SERVER_ADDRESS);
    if (url >= 0 && contains(draft, url)) return url;
    // That of the AWS SDK for JavaScript. Others have the endpoint there.
    url = draft.text(Keys.URL_FULL, Keys.HTTP_URL);
    return url >= 0 && endsWithDestination(draft, url) ? url : -1;
  }

  private static boolean contains(Draft draft, int index) {
    int from = draft.offset(index);
    return Ascii.indexOf(draft.bytes(), from, from + draft.length(index), SCHEME_END) > from;
  }

  private static boolean endsWithDestination(Draft draft, int url) {
    int name = draft.text(Keys.MESSAGING_DESTINATION_NAME, Keys.MESSAGING_DESTINATION);
    if (name < 0) return false;
    byte[] bytes = draft.bytes();
    int end = draft.offset(url) + draft.length(url);
    int from = end - draft.length(name);
    return from > draft.offset(url)
        && bytes[from - 1] == '/'
        && Arrays.equals(
            bytes, from, end, bytes, draft.offset(name), draft.offset(name) + draft.length(name));
  }
}
