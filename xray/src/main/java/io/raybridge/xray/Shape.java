package io.raybridge.xray;

import io.raybridge.data.view.SpanView;

/**
 * What a span becomes: a segment (a service at work), a subsegment (work inside a service, or a
 * call to another), or both where a service's first span is itself a call.
 *
 * <p>A span is its service's first when it has no parent, when its SDK says that the parent is
 * remote (OTLP's span flags), or when an ADOT SDK calls it LOCAL_ROOT.
 */
final class Shape {
  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final int PRODUCER = 4;
  private static final int CONSUMER = 5;
  private static final int HAS_IS_REMOTE = 0x100;
  private static final int IS_REMOTE = 0x200;

  private static final byte[] LOCAL_ROOT = Ascii.bytes("LOCAL_ROOT");
  private static final byte[] AWS_API = Ascii.bytes("aws-api");
  private static final byte[] PROCESS = Ascii.bytes("process");
  private static final byte[] RECEIVE = Ascii.bytes("receive");

  /** A segment of its own stands for the service. */
  boolean segment;

  /** A subsegment stands for the work; with {@link #segment} too, it hangs below that. */
  boolean subsegment;

  /** The subsegment is a call that leaves the service. */
  boolean call;

  /** The call goes to AWS by an AWS SDK. */
  boolean aws;

  boolean server;
  boolean consumer;

  /** The far side threw the exceptions, not this one. */
  boolean remoteExceptions;

  boolean localRoot;

  void read(Draft draft) {
    SpanView span = draft.span;
    int kind = span.kind() < INTERNAL || span.kind() > CONSUMER ? INTERNAL : span.kind();
    localRoot = draft.is(Keys.AWS_SPAN_KIND, LOCAL_ROOT);
    aws = draft.is(Keys.RPC_SYSTEM, AWS_API) || draft.is(Keys.RPC_SYSTEM_NAME, AWS_API);
    server = kind == SERVER;
    consumer = kind == CONSUMER;
    remoteExceptions = kind == CLIENT || kind == PRODUCER;
    boolean first = isFirst(span);
    call = kind == CLIENT || kind == PRODUCER || (consumer && polls(draft));
    if (call && !aws) aws = AwsQueue.isCalled(draft);
    if (call) {
      segment = first;
      subsegment = true;
      return;
    }
    boolean takesMessages = consumer && !parentIsLocal(span);
    segment = server || first || takesMessages;
    subsegment = !segment;
    if (consumer && localRoot && draft.text(Keys.AWS_REMOTE_SERVICE) >= 0) {
      subsegment = true;
      call = true;
    }
  }

  private boolean isFirst(SpanView span) {
    return span.parentId() == 0
        || localRoot
        || (span.flags() & (HAS_IS_REMOTE | IS_REMOTE)) == (HAS_IS_REMOTE | IS_REMOTE);
  }

  private static boolean parentIsLocal(SpanView span) {
    return (span.flags() & (HAS_IS_REMOTE | IS_REMOTE)) == HAS_IS_REMOTE;
  }

  /** Asking a queue for messages is a call to it; working on a message is not. */
  private boolean polls(Draft draft) {
    if (operation(draft, RECEIVE)) return true;
    return aws && !operation(draft, PROCESS);
  }

  private static boolean operation(Draft draft, byte[] operation) {
    return draft.is(Keys.MESSAGING_OPERATION_TYPE, operation)
        || draft.is(Keys.MESSAGING_OPERATION, operation);
  }
}
