package io.raybridge.xray;

import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Writes the cause: the exceptions that a span's events tell of, whether or not the span failed, or
 * the message of its status when there are none.
 */
final class Cause {
  private static final Fragment CAUSE = Fragment.name("cause");
  private static final Fragment EXCEPTIONS = Fragment.name("exceptions");
  private static final byte[] EXCEPTION = Ascii.bytes("exception");
  private static final byte[] HTTP_FAILURE = Ascii.bytes("HTTP request failure");
  private static final byte[] HTTP_FAILURE_TYPE = Ascii.bytes("aws.http.error.event");
  private static final int STATUS_ERROR = 2;

  private final EventView event;
  private final Exceptions exceptions;
  private final StackTraces traces;
  private byte[] text = new byte[128];
  private final BitSet unread = new BitSet();
  private final BitSet untold = new BitSet();
  private final JsonWriter scratch = new JsonWriter(false);

  Cause(Draft draft, EventView event) {
    this.event = event;
    exceptions = new Exceptions(draft);
    traces = new StackTraces(exceptions);
  }

  /** Whether this event's stack trace was in no known form, so that its text has to be kept. */
  boolean isUnread(int number) {
    return unread.get(number);
  }

  /** Whether there was no room for this event in the cause. */
  boolean isUntold(int number) {
    return untold.get(number);
  }

  /** Whether an event of this name is told by the cause, where there is room. */
  boolean tells(Draft draft, EventView event) {
    byte[] bytes = event.attributes().bytes();
    if (Ascii.equal(bytes, event.nameOffset(), event.nameLength(), EXCEPTION)) return true;
    return isHttpFailure(draft, event);
  }

  private static boolean isHttpFailure(Draft draft, EventView event) {
    AttributesView attributes = event.attributes();
    return draft.shape.aws
        && Ascii.equal(attributes.bytes(), event.nameOffset(), event.nameLength(), HTTP_FAILURE)
        && attributes.indexOf(Keys.HTTP_RESPONSE_STATUS_CODE) >= 0
        && Origin.text(attributes, Keys.AWS_HTTP_ERROR_MESSAGE) >= 0;
  }

  /** Writes the member; whether it tells of exceptions rather than of the status. */
  boolean write(Draft draft) {
    int events = draft.span.events();
    if (events == 0 && draft.span.status() != STATUS_ERROR) return false;
    unread.clear();
    untold.clear();
    JsonWriter out = draft.out;
    boolean begun = false;
    for (int i = 0; i < events; i++) {
      draft.span.event(i, event);
      if (!tells(draft, event)) continue;
      if (!begun) begin(out);
      begun = true;
      if (exceptions.isFull()) untold.set(i);
      else if (isHttpFailure(draft, event)) httpFailure(event);
      else if (!exception(draft, event.attributes())) unread.set(i);
    }
    boolean thrown = begun;
    if (!begun && draft.span.status() == STATUS_ERROR) begun = status(draft);
    if (!begun) return false;
    exceptions.finish();
    out.put(']');
    out.put('}');
    return thrown;
  }

  private void begin(JsonWriter out) {
    out.member(CAUSE).put('{');
    out.member(EXCEPTIONS).put('[');
    exceptions.start();
  }

  /** Writes one exception with its causes; false when its stack trace could not be read. */
  private boolean exception(Draft draft, AttributesView attributes) {
    byte[] bytes = attributes.bytes();
    int type = Origin.text(attributes, Keys.EXCEPTION_TYPE);
    int message = Origin.text(attributes, Keys.EXCEPTION_MESSAGE);
    int stack = Origin.text(attributes, Keys.EXCEPTION_STACKTRACE);
    exceptions.begin();
    if (type >= 0) exceptions.type(bytes, attributes.offset(type), attributes.length(type));
    if (message >= 0) {
      exceptions.message(bytes, attributes.offset(message), attributes.length(message));
    }
    if (stack < 0) return true;
    return traces.write(
        draft.resource.language, bytes, attributes.offset(stack), attributes.length(stack));
  }

  /** As the Go exporter writes the AWS SDK's single attempts: {@code status@seconds@message}. */
  private void httpFailure(EventView event) {
    AttributesView attributes = event.attributes();
    int status = attributes.indexOf(Keys.HTTP_RESPONSE_STATUS_CODE);
    int message = attributes.indexOf(Keys.AWS_HTTP_ERROR_MESSAGE);
    scratch.begin(text, 0);
    scratch.number(attributes.number(status));
    scratch.put('@');
    scratch.seconds(event.time());
    scratch.put('@');
    int head = scratch.position();
    int length = attributes.length(message);
    text = scratch.bytes();
    if (text.length < head + length) text = Arrays.copyOf(text, 2 * (head + length));
    System.arraycopy(attributes.bytes(), attributes.offset(message), text, head, length);
    exceptions.begin();
    exceptions.type(HTTP_FAILURE_TYPE, 0, HTTP_FAILURE_TYPE.length);
    exceptions.message(text, 0, head + length);
  }

  /** Where the span says what kind of error it was; a status code or _OTHER is none. */
  private static int errorType(Draft draft) {
    int type = draft.text(Keys.ERROR_TYPE);
    return type >= 0 && Ascii.letter(draft.bytes()[draft.offset(type)]) ? type : -1;
  }

  /** What the span says itself, as SDKs do that send exceptions as logs. */
  private boolean status(Draft draft) {
    int offset = draft.span.messageOffset();
    int length = draft.span.messageLength();
    int text = draft.text(Keys.HTTP_STATUS_TEXT);
    int type = errorType(draft);
    if (length == 0 && text < 0 && type < 0) return false;
    begin(draft.out);
    exceptions.begin();
    if (type >= 0) exceptions.type(draft.bytes(), draft.offset(type), draft.length(type));
    if (length > 0) {
      exceptions.message(draft.bytes(), offset, length);
    } else if (text >= 0) {
      exceptions.message(draft.bytes(), draft.offset(text), draft.length(text));
      draft.use(text);
    }
    return true;
  }
}
