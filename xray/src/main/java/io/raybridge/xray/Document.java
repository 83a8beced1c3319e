package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;

/** Writes one segment document, block by block; metadata comes last, for it takes the rest. */
final class Document {
  private static final Fragment ID = Fragment.name("id");
  private static final Fragment TRACE_ID = Fragment.name("trace_id");
  private static final Fragment PARENT_ID = Fragment.name("parent_id");
  private static final Fragment SUBSEGMENT = Fragment.json("\"type\":\"subsegment\"");
  private static final Fragment START_TIME = Fragment.name("start_time");
  private static final Fragment END_TIME = Fragment.name("end_time");
  private static final Fragment IN_PROGRESS = Fragment.json("\"in_progress\":true");
  private static final Fragment NAMESPACE_AWS = Fragment.json("\"namespace\":\"aws\"");
  private static final Fragment NAMESPACE_REMOTE = Fragment.json("\"namespace\":\"remote\"");
  private static final Fragment RESOURCE_ARN = Fragment.name("resource_arn");
  private static final Fragment USER = Fragment.name("user");

  /** Distinguishes the id made for a service's segment from those made for exceptions. */
  private static final int COMPANION = -1;

  private final TraceIds traceIds;
  private final NodeName name = new NodeName();
  private final HttpBlock http;
  private final AwsBlock aws = new AwsBlock();
  private final SqlBlock sql;
  private final Failure failure;
  private final Cause cause;
  private final Links links;
  private final Annotations annotations;
  private final OtelMetadata otel;
  private final Metadata metadata;

  Document(
      TranslationConfig config,
      KeyTable keys,
      Indexing indexing,
      TraceIds traceIds,
      Draft draft,
      EventView event,
      boolean escaped) {
    this.traceIds = traceIds;
    var values = new ValueWriter();
    http = new HttpBlock(event);
    sql = new SqlBlock(config.maskSql());
    failure = new Failure(event);
    cause = new Cause(draft, event);
    links = new Links(keys, traceIds, values);
    annotations = new Annotations(indexing, sql, values);
    otel = new OtelMetadata(values, cause, event, keys, traceIds, escaped);
    metadata = new Metadata(values, sql, otel);
  }

  void readResource(SpanWalk walk) {
    otel.readResource(walk);
  }

  void readScope(SpanWalk walk) {
    otel.readScope(walk);
  }

  int invalidLinks() {
    return links.invalid();
  }

  /** Whether the document just written is flagged as error, throttle or fault. */
  boolean isFailure(Draft draft) {
    return failure.is(draft);
  }

  /** The id of the document just written. */
  long id(Draft draft) {
    return draft.companion ? companionId(draft.span) : draft.span.spanId();
  }

  private static long companionId(SpanView span) {
    return Ids.derived(span.spanId(), COMPANION);
  }

  void write(Draft draft) {
    JsonWriter out = draft.out;
    out.put('{');
    boolean nameIsSpansOwn = name.write(draft);
    ids(draft);
    times(draft);
    boolean bones = draft.trim.bones;
    if (!draft.segment) namespace(draft);
    if (draft.segment && !bones && !draft.resource.head.isEmpty()) {
      out.comma();
      out.put(draft.resource.head);
      if (draft.resource.isUntoldFunction()) {
        draft.member(RESOURCE_ARN, Keys.CLOUD_RESOURCE_ID, Keys.FAAS_ID);
      }
    }
    failure.write(draft);
    boolean causeWritten = false;
    if (!bones) {
      if (!draft.companion) http.write(draft);
      aws.write(draft);
      if (!draft.companion) sql.write(draft);
      draft.member(USER, draft.text(Keys.ENDUSER_ID));
      if (!draft.companion) causeWritten = cause.write(draft);
      if (hasLinks(draft)) links.write(draft);
      else links.none();
      if (draft.companion && annotations.takeTheRest()) takeForCall(draft);
      boolean mapped = traceIds.isMapped(draft.span.traceHigh());
      annotations.write(draft, mapped ? draft.span.traceLow() : 0);
    }
    metadata.write(draft, nameIsSpansOwn, causeWritten);
    out.put('}');
  }

  /** Of two documents a consumer's links are its service's, which took the message. */
  private static boolean hasLinks(Draft draft) {
    boolean pair = draft.shape.segment && draft.shape.subsegment;
    return !pair || draft.companion == draft.shape.consumer;
  }

  /**
   * Marks what the blocks of the call take, by writing and forgetting them: it is not there for the
   * service to annotate.
   */
  private void takeForCall(Draft draft) {
    draft.out.mark();
    draft.companion = draft.segment = false;
    http.write(draft);
    aws.write(draft);
    sql.write(draft);
    draft.companion = draft.segment = true;
    draft.out.reset();
    draft.trim.sqlTook = 0;
  }

  private void ids(Draft draft) {
    JsonWriter out = draft.out;
    SpanView span = draft.span;
    id(out, ID, id(draft));
    out.member(TRACE_ID);
    Ids.writeTraceId(out, traceIds.high(span.traceHigh(), span.traceLow()), span.traceLow());
    boolean belowCompanion = draft.shape.segment && !draft.segment;
    long parent = belowCompanion ? companionId(span) : span.parentId();
    if (parent != 0) id(out, PARENT_ID, parent);
    if (draft.segment) return;
    out.comma();
    out.put(SUBSEGMENT);
  }

  private static void id(JsonWriter out, Fragment name, long id) {
    out.member(name);
    out.quote();
    out.hex(id, 16);
    out.quote();
  }

  /**
   * A span without an end is in progress, and so is one that says it is. One that ends before it
   * begins, by a clock set back, ends when it begins; metadata has the end as it was.
   */
  private static void times(Draft draft) {
    JsonWriter out = draft.out;
    long start = draft.span.start();
    long end = draft.span.end();
    if (start == 0) start = end;
    out.member(START_TIME).seconds(start);
    if (end == 0 || saysInProgress(draft)) {
      out.comma();
      out.put(IN_PROGRESS);
      return;
    }
    if (Long.compareUnsigned(end, start) < 0) {
      draft.notes.endedEarly(end);
      end = start;
    }
    out.member(END_TIME).seconds(end);
  }

  private static boolean saysInProgress(Draft draft) {
    int index = draft.attributes.indexOf(Keys.AWS_XRAY_IN_PROGRESS);
    if (index < 0 || draft.attributes.type(index) != AnyValueView.BOOL) return false;
    draft.use(index);
    return draft.attributes.number(index) != 0;
  }

  private void namespace(Draft draft) {
    boolean toAws = draft.shape.aws || name.awsByName;
    if (!toAws && !draft.shape.call) return;
    draft.out.comma();
    draft.out.put(toAws ? NAMESPACE_AWS : NAMESPACE_REMOTE);
  }
}
