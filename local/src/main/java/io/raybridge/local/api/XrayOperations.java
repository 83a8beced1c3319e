package io.raybridge.local.api;

import io.raybridge.local.store.Document;
import io.raybridge.local.store.Position;
import io.raybridge.local.store.StoreException;
import io.raybridge.local.store.StoredTrace;
import io.raybridge.local.store.TraceRow;
import io.raybridge.local.store.TraceStore;
import io.raybridge.local.store.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operations of X-Ray's API that are built in, each from the members of its request to those of
 * its response.
 *
 * @see <a href="https://docs.aws.amazon.com/xray/latest/api/API_Operations.html">X-Ray's
 *     operations</a>
 */
final class XrayOperations {
  private static final int PAGE = 100;
  private static final int MAX_TRACE_IDS = 100;
  static final Pattern TRACE_ID = Pattern.compile("1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}");

  /** The paths that are not the operation's name. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("/Traces", "BatchGetTraces"),
          Map.entry("/TraceSegments", "PutTraceSegments"),
          Map.entry("/TelemetryRecords", "PutTelemetryRecords"),
          Map.entry("/TraceSummaries", "GetTraceSummaries"),
          Map.entry("/ServiceGraph", "GetServiceGraph"),
          Map.entry("/TraceGraph", "GetTraceGraph"),
          Map.entry("/TimeSeriesServiceStatistics", "GetTimeSeriesServiceStatistics"),
          Map.entry("/SamplingTargets", "GetSamplingTargets"),
          Map.entry("/SamplingStatisticSummaries", "GetSamplingStatisticSummaries"),
          Map.entry("/EncryptionConfig", "GetEncryptionConfig"),
          Map.entry("/Groups", "GetGroups"));

  private static final Pattern OPERATION = Pattern.compile("/([A-Z][A-Za-z]{2,40})");

  private final TraceStore store;
  private final LongAdder telemetryRecords = new LongAdder();

  XrayOperations(TraceStore store) {
    this.store = store;
  }

  /** Records that PutTelemetryRecords brought. */
  long telemetryRecords() {
    return telemetryRecords.sum();
  }

  ObjectNode answer(String path, byte[] body) throws StoreException {
    return switch (path) {
      case "/TraceSegments" -> putTraceSegments(Json.body(body));
      case "/TelemetryRecords" -> putTelemetryRecords(Json.body(body));
      case "/TraceSummaries" -> getTraceSummaries(Json.body(body));
      case "/Traces" -> batchGetTraces(Json.body(body));
      default -> throw unknown(path);
    };
  }

  private static ApiException unknown(String path) {
    String name = NAMES.get(path);
    if (name == null && OPERATION.matcher(path).matches()) name = path.substring(1);
    if (name != null) return ApiException.notBuiltIn(name);
    return new ApiException(404, "UnknownOperationException", "no operation at this path");
  }

  private ObjectNode putTraceSegments(ObjectNode request) throws StoreException {
    var reader = new SegmentReader();
    for (String text : strings(request, "TraceSegmentDocuments")) reader.read(text);
    ObjectNode response = Json.object();
    ArrayNode unprocessed = response.putArray("UnprocessedTraceSegments");
    for (var refused : reader.refused()) {
      ObjectNode entry = unprocessed.addObject();
      if (refused.id() != null) entry.put("Id", refused.id());
      entry.put("ErrorCode", refused.code()).put("Message", refused.message());
    }
    for (Document refused : store.put(reader.documents())) {
      unprocessed
          .addObject()
          .put("Id", refused.id())
          .put("ErrorCode", "InvalidSegment")
          .put(
              "Message",
              "Invalid segment. ErrorCode: InvalidSegment, Cause: the trace is full (expected: at"
                  + " most "
                  + TraceRow.MAX_BYTES
                  + " bytes)");
    }
    return response;
  }

  private ObjectNode putTelemetryRecords(ObjectNode request) {
    JsonNode records = Json.at(request, "TelemetryRecords");
    if (!records.isArray()) throw ApiException.invalid("TelemetryRecords: expected a list");
    telemetryRecords.add(records.size());
    return Json.object();
  }

  private ObjectNode getTraceSummaries(ObjectNode request) throws StoreException {
    Window window = window(request);
    double rate = samplingRate(request);
    if (Json.at(request, "FilterExpression").isString()) {
      throw ApiException.invalid("FilterExpression is not built in yet in the local X-Ray");
    }
    List<TraceRow> rows = store.list(window, position(request), PAGE + 1);
    List<TraceRow> page = rows.subList(0, Math.min(PAGE, rows.size()));
    ObjectNode response = Json.object();
    ArrayNode summaries = response.putArray("TraceSummaries");
    for (TraceRow row : page) {
      if (!sampled(row.id(), rate)) continue;
      Optional<StoredTrace> trace = store.trace(row.id());
      if (trace.isPresent()) summaries.add(TraceSummary.of(CompiledTrace.of(trace.get())));
    }
    long reached = rows.size() > PAGE ? page.getLast().startMicros() : window.fromMicros();
    response.put("ApproximateTime", Json.seconds(reached));
    response.put("TracesProcessedCount", page.size());
    if (rows.size() > PAGE) response.put("NextToken", PageToken.of(Position.after(page.getLast())));
    return response;
  }

  private static Window window(ObjectNode request) {
    long from = time(request, "StartTime");
    long to = time(request, "EndTime");
    if (from >= to) throw ApiException.invalid("StartTime: expected before EndTime");
    String type = Json.string(request, "TimeRangeType");
    return switch (type == null ? "TraceId" : type) {
      case "TraceId" -> new Window(Window.By.START, from, to);
      case "Event" -> new Window(Window.By.ACTIVITY, from, to);
      case "Service" -> new Window(Window.By.SEGMENT_END, from, to);
      default -> throw ApiException.invalid("TimeRangeType: expected TraceId, Event or Service");
    };
  }

  private static long time(ObjectNode request, String member) {
    long micros = Json.micros(Json.at(request, member));
    if (micros < 0) throw ApiException.invalid(member + ": expected seconds since 1970");
    return micros;
  }

  /** PartialScan leaves it to the service how much it reads; this one reads everything. */
  private static double samplingRate(ObjectNode request) {
    if (!"FixedRate".equals(Json.string(request, "SamplingStrategy", "Name"))) return 1;
    JsonNode value = Json.at(request, "SamplingStrategy", "Value");
    double rate = value.isNumber() ? value.doubleValue() : -1;
    if (!(rate >= 0 && rate <= 1)) {
      throw ApiException.invalid("SamplingStrategy.Value: expected 0 to 1");
    }
    return rate;
  }

  /** The same traces at each call, more of them at a higher rate. */
  private static boolean sampled(String traceId, double rate) {
    return ((traceId.hashCode() * 0x9E3779B1) >>> 1) < rate * 0x1p31;
  }

  private static Position position(ObjectNode request) {
    String token = Json.string(request, "NextToken");
    return token == null ? Position.NEWEST : PageToken.read(token);
  }

  private ObjectNode batchGetTraces(ObjectNode request) throws StoreException {
    List<String> ids = strings(request, "TraceIds");
    if (ids.size() > MAX_TRACE_IDS) {
      throw ApiException.invalid("TraceIds: expected at most " + MAX_TRACE_IDS);
    }
    ObjectNode response = Json.object();
    ArrayNode traces = response.putArray("Traces");
    ArrayNode unprocessed = response.putArray("UnprocessedTraceIds");
    for (String id : ids) {
      if (!TRACE_ID.matcher(id).matches()) {
        unprocessed.add(id);
        continue;
      }
      Optional<StoredTrace> trace = store.trace(id.toLowerCase(Locale.ROOT));
      if (trace.isPresent()) traces.add(json(CompiledTrace.of(trace.get())));
    }
    return response;
  }

  private static ObjectNode json(CompiledTrace trace) {
    ObjectNode json = Json.object();
    json.put("Id", trace.row().id());
    json.put("Duration", trace.duration());
    json.put("LimitExceeded", trace.row().full());
    ArrayNode segments = json.putArray("Segments");
    for (ObjectNode segment : trace.segments()) {
      segments
          .addObject()
          .put("Id", CompiledTrace.id(segment, "id"))
          .put("Document", Json.text(segment));
    }
    return json;
  }

  private static List<String> strings(ObjectNode request, String member) {
    JsonNode list = Json.at(request, member);
    if (!list.isArray()) throw ApiException.invalid(member + ": expected a list of strings");
    List<String> strings = new ArrayList<>(list.size());
    for (JsonNode entry : list) {
      @Nullable String text = entry.isString() ? entry.stringValue() : null;
      if (text == null) throw ApiException.invalid(member + ": expected a list of strings");
      strings.add(text);
    }
    return strings;
  }
}
