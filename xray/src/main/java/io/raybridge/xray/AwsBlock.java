package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import java.util.Arrays;

/**
 * Writes the aws block: on a segment where the service runs, on a call what was called. X-Ray's
 * names for the resources of a call are those its own SDKs use.
 */
final class AwsBlock {
  private static final Fragment AWS = Fragment.name("aws");
  private static final Fragment OPERATION = Fragment.name("operation");
  private static final Fragment ACCOUNT_ID = Fragment.name("account_id");
  private static final Fragment REGION = Fragment.name("region");
  private static final Fragment REQUEST_ID = Fragment.name("request_id");
  private static final Fragment ID_2 = Fragment.name("id_2");
  private static final Fragment RETRIES = Fragment.name("retries");
  private static final Fragment QUEUE_URL = Fragment.name("queue_url");
  private static final Fragment TABLE_NAME = Fragment.name("table_name");
  private static final Fragment TABLE_NAMES = Fragment.name("table_names");
  private static final Fragment BUCKET_NAME = Fragment.name("bucket_name");
  private static final Fragment KEY = Fragment.name("key");
  private static final Fragment TOPIC_ARN = Fragment.name("topic_arn");
  private static final Fragment STREAM_NAME = Fragment.name("stream_name");
  private static final Fragment FUNCTION_NAME = Fragment.name("function_name");
  private static final Fragment STATE_MACHINE_ARN = Fragment.name("state_machine_arn");
  private static final Fragment SECRET_ID = Fragment.name("secret_id");

  private static final int[] SIGNS = {
    Keys.AWS_OPERATION,
    Keys.AWS_REGION,
    Keys.AWS_REQUEST_ID,
    Keys.AWS_REQUEST_ID_2,
    Keys.AWS_REQUEST_ID_3,
    Keys.AWS_QUEUE_URL,
    Keys.AWS_QUEUE_URL_2,
    Keys.AWS_SQS_QUEUE_URL,
    Keys.AWS_TABLE_NAME,
    Keys.AWS_TABLE_NAME_2,
    Keys.AWS_DYNAMODB_TABLE_NAMES,
    Keys.AWS_ACCOUNT
  };

  private final AnyValueView element = new AnyValueView();

  void write(Draft draft) {
    boolean call = !draft.companion && isCall(draft);
    boolean place = draft.segment && !draft.resource.aws.isEmpty();
    if (!call && !place) return;
    JsonWriter out = draft.out;
    out.member(AWS).put('{');
    int nothing = out.position();
    if (call) call(draft);
    if (place) {
      out.comma();
      out.put(draft.resource.aws);
    }
    if (out.position() == nothing) out.removeEmpty(AWS);
    else out.put('}');
  }

  private static boolean isCall(Draft draft) {
    if (draft.shape.aws) return true;
    for (int key : SIGNS) if (draft.text(key) >= 0) return true;
    return draft.has(Keys.AWS_DYNAMODB_TABLE_NAMES);
  }

  private void call(Draft draft) {
    operation(draft);
    // A segment's account is its own; the far side's is the call's to tell.
    if (!draft.segment) draft.member(ACCOUNT_ID, draft.text(Keys.AWS_ACCOUNT));
    draft.member(REGION, Keys.AWS_REGION, Keys.CLOUD_REGION);
    int request = draft.text(Keys.AWS_REQUEST_ID, Keys.AWS_REQUEST_ID_2);
    if (request < 0) request = draft.text(Keys.AWS_REQUEST_ID_3);
    draft.member(REQUEST_ID, request);
    draft.useSame(request, Keys.AWS_REQUEST_ID_2);
    draft.useSame(request, Keys.AWS_REQUEST_ID_3);
    draft.member(ID_2, draft.text(Keys.AWS_EXTENDED_REQUEST_ID));
    retries(draft);
    int queue = AwsQueue.url(draft);
    draft.member(QUEUE_URL, queue);
    draft.useSame(queue, Keys.AWS_QUEUE_URL);
    draft.useSame(queue, Keys.AWS_QUEUE_URL_2);
    draft.useSame(queue, Keys.AWS_SQS_QUEUE_URL);
    tables(draft);
    draft.member(BUCKET_NAME, Keys.AWS_S3_BUCKET, Keys.AWS_BUCKET_NAME);
    draft.member(KEY, draft.text(Keys.AWS_S3_KEY));
    draft.member(TOPIC_ARN, draft.text(Keys.AWS_SNS_TOPIC_ARN));
    draft.member(STREAM_NAME, Keys.AWS_KINESIS_STREAM_NAME, Keys.AWS_STREAM_NAME);
    if (draft.shape.aws) draft.member(FUNCTION_NAME, draft.text(Keys.FAAS_INVOKED_NAME));
    draft.member(STATE_MACHINE_ARN, draft.text(Keys.AWS_STATE_MACHINE_ARN));
    draft.member(SECRET_ID, draft.text(Keys.AWS_SECRET_ARN));
  }

  private static void operation(Draft draft) {
    int operation = draft.text(Keys.AWS_OPERATION);
    int method = draft.text(Keys.RPC_METHOD);
    if (operation < 0 && draft.shape.aws) operation = method;
    if (operation < 0) {
      operationOfSpanName(draft);
      return;
    }
    byte[] bytes = draft.bytes();
    int offset = draft.offset(operation);
    int end = offset + draft.length(operation);
    // rpc.method in its new form is Service/Operation.
    int slash = Ascii.lastIndexOf(bytes, offset, end, '/');
    draft
        .out
        .member(OPERATION)
        .string(
            bytes,
            slash + 1 > offset ? slash + 1 : offset,
            end - (slash + 1 > offset ? slash + 1 : offset));
    draft.use(operation);
    // The method may say the service before the operation.
    if (draft.shape.aws && method >= 0 && endsAlike(draft, operation, method)) draft.use(method);
  }

  private static boolean endsAlike(Draft draft, int index, int other) {
    int length = Math.min(draft.length(index), draft.length(other));
    byte[] bytes = draft.bytes();
    int end = draft.offset(index) + draft.length(index);
    int otherEnd = draft.offset(other) + draft.length(other);
    return Arrays.equals(bytes, end - length, end, bytes, otherEnd - length, otherEnd);
  }

  private static void operationOfSpanName(Draft draft) {
    if (!draft.shape.aws || draft.text(Keys.RPC_SERVICE) >= 0) return;
    int dot = AwsServices.dotInSpanName(draft);
    if (dot < 0) return;
    int end = draft.span.nameOffset() + draft.span.nameLength();
    draft.out.member(OPERATION).string(draft.bytes(), dot + 1, end - dot - 1);
  }

  private static void retries(Draft draft) {
    if (!draft.shape.aws) return;
    int index = draft.attributes.indexOf(Keys.HTTP_REQUEST_RESEND_COUNT);
    long count = draft.number(index);
    if (count < 0) return;
    draft.out.member(RETRIES).number(count);
    draft.use(index);
  }

  private void tables(Draft draft) {
    int names = draft.attributes.indexOf(Keys.AWS_DYNAMODB_TABLE_NAMES);
    if (names >= 0 && draft.attributes.type(names) == AnyValueView.ARRAY && list(draft, names)) {
      sameTable(draft, names, Keys.AWS_TABLE_NAME);
      sameTable(draft, names, Keys.AWS_TABLE_NAME_2);
      return;
    }
    int name = draft.text(Keys.AWS_DYNAMODB_TABLE_NAMES);
    if (name < 0) name = draft.text(Keys.AWS_TABLE_NAME, Keys.AWS_TABLE_NAME_2);
    draft.member(TABLE_NAME, name);
    draft.useSame(name, Keys.AWS_TABLE_NAME);
    draft.useSame(name, Keys.AWS_TABLE_NAME_2);
  }

  /** Takes the attribute of this key where it names one of the tables. */
  private void sameTable(Draft draft, int names, int key) {
    int name = draft.text(key);
    if (name < 0) return;
    AttributesView attributes = draft.attributes;
    byte[] bytes = attributes.bytes();
    element.open(bytes, attributes.offset(names), attributes.length(names));
    while (element.nextElement()) {
      boolean same =
          element.type() == AnyValueView.STRING
              && Arrays.equals(
                  bytes,
                  element.offset(),
                  element.offset() + element.length(),
                  bytes,
                  draft.offset(name),
                  draft.offset(name) + draft.length(name));
      if (same) draft.use(name);
    }
  }

  /** One table is table_name, more are table_names. */
  private boolean list(Draft draft, int index) {
    AttributesView attributes = draft.attributes;
    byte[] bytes = attributes.bytes();
    JsonWriter out = draft.out;
    element.open(bytes, attributes.offset(index), attributes.length(index));
    int count = 0;
    while (element.nextElement()) if (element.type() == AnyValueView.STRING) count++;
    if (count == 0) return false;
    out.member(count == 1 ? TABLE_NAME : TABLE_NAMES);
    if (count > 1) out.put('[');
    element.open(bytes, attributes.offset(index), attributes.length(index));
    while (element.nextElement()) {
      if (element.type() != AnyValueView.STRING) continue;
      if (count > 1) out.comma();
      out.string(bytes, element.offset(), element.length());
    }
    if (count > 1) out.put(']');
    draft.use(index);
    return true;
  }
}
