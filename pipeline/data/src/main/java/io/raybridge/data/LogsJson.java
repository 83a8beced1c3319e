package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;

/** Log records between JSON and objects. */
final class LogsJson {
  private static final String[] SEVERITIES = {
    "SEVERITY_NUMBER_UNSPECIFIED",
    "SEVERITY_NUMBER_TRACE",
    "SEVERITY_NUMBER_TRACE2",
    "SEVERITY_NUMBER_TRACE3",
    "SEVERITY_NUMBER_TRACE4",
    "SEVERITY_NUMBER_DEBUG",
    "SEVERITY_NUMBER_DEBUG2",
    "SEVERITY_NUMBER_DEBUG3",
    "SEVERITY_NUMBER_DEBUG4",
    "SEVERITY_NUMBER_INFO",
    "SEVERITY_NUMBER_INFO2",
    "SEVERITY_NUMBER_INFO3",
    "SEVERITY_NUMBER_INFO4",
    "SEVERITY_NUMBER_WARN",
    "SEVERITY_NUMBER_WARN2",
    "SEVERITY_NUMBER_WARN3",
    "SEVERITY_NUMBER_WARN4",
    "SEVERITY_NUMBER_ERROR",
    "SEVERITY_NUMBER_ERROR2",
    "SEVERITY_NUMBER_ERROR3",
    "SEVERITY_NUMBER_ERROR4",
    "SEVERITY_NUMBER_FATAL",
    "SEVERITY_NUMBER_FATAL2",
    "SEVERITY_NUMBER_FATAL3",
    "SEVERITY_NUMBER_FATAL4"
  };

  private LogsJson() {}

  static List<ResourceLogs> read(JsonReader in) throws MalformedBatchException {
    var all = new ArrayList<ResourceLogs>();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "resourceLogs", "resource_logs" -> {
          in.array();
          while (in.element()) all.add(readResourceLogs(in));
        }
        default -> in.skip();
      }
    }
    return all;
  }

  static void write(JsonWriter out, List<ResourceLogs> all) {
    out.message();
    if (!all.isEmpty()) {
      out.array("resourceLogs");
      for (var group : all) writeResourceLogs(out, group);
      out.endArray();
    }
    out.endMessage();
  }

  private static ResourceLogs readResourceLogs(JsonReader in) throws MalformedBatchException {
    var group = new ResourceLogs();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "resource" -> CommonJson.readResource(in, group.resource);
        case "scopeLogs", "scope_logs" -> {
          in.array();
          while (in.element()) group.scopeLogs().add(readScopeLogs(in));
        }
        case "schemaUrl", "schema_url" -> group.schemaUrl = in.string();
        default -> in.skip();
      }
    }
    return group;
  }

  private static void writeResourceLogs(JsonWriter out, ResourceLogs group) {
    out.message();
    CommonJson.writeResource(out, group.resource);
    if (group.scopeLogs != null && !group.scopeLogs.isEmpty()) {
      out.array("scopeLogs");
      for (var scope : group.scopeLogs) writeScopeLogs(out, scope);
      out.endArray();
    }
    out.string("schemaUrl", group.schemaUrl);
    out.endMessage();
  }

  private static ScopeLogs readScopeLogs(JsonReader in) throws MalformedBatchException {
    var group = new ScopeLogs();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "scope" -> CommonJson.readScope(in, group.scope);
        case "logRecords", "log_records" -> {
          in.array();
          while (in.element()) group.logRecords().add(readLogRecord(in));
        }
        case "schemaUrl", "schema_url" -> group.schemaUrl = in.string();
        default -> in.skip();
      }
    }
    return group;
  }

  private static void writeScopeLogs(JsonWriter out, ScopeLogs group) {
    out.message();
    CommonJson.writeScope(out, group.scope);
    if (group.logRecords != null && !group.logRecords.isEmpty()) {
      out.array("logRecords");
      for (var each : group.logRecords) writeLogRecord(out, each);
      out.endArray();
    }
    out.string("schemaUrl", group.schemaUrl);
    out.endMessage();
  }

  private static LogRecord readLogRecord(JsonReader in) throws MalformedBatchException {
    var record = new LogRecord();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "timeUnixNano", "time_unix_nano" -> record.timeUnixNano = in.uint64();
        case "observedTimeUnixNano", "observed_time_unix_nano" ->
            record.observedTimeUnixNano = in.uint64();
        case "severityNumber", "severity_number" ->
            record.severityNumber = in.enumeration(SEVERITIES);
        case "severityText", "severity_text" -> record.severityText = in.string();
        case "body" -> record.body = CommonJson.readValue(in);
        case "attributes" -> CommonJson.readAttributes(in, record.attributes);
        case "droppedAttributesCount", "dropped_attributes_count" ->
            record.droppedAttributesCount = in.uint32();
        case "flags" -> record.flags = in.uint32();
        case "traceId", "trace_id" -> {
          var hex = in.traceId();
          record.traceIdHi = in.traceIdPart(hex, 0);
          record.traceIdLo = in.traceIdPart(hex, 1);
        }
        case "spanId", "span_id" -> record.spanId = in.spanId();
        case "eventName", "event_name" -> record.eventName = in.string();
        default -> in.skip();
      }
    }
    return record;
  }

  private static void writeLogRecord(JsonWriter out, LogRecord record) {
    out.message();
    out.uint64("timeUnixNano", record.timeUnixNano);
    out.uint64("observedTimeUnixNano", record.observedTimeUnixNano);
    out.int32("severityNumber", record.severityNumber);
    out.string("severityText", record.severityText);
    if (record.body != null) CommonJson.writeValue(out, "body", record.body);
    CommonJson.writeAttributes(out, "attributes", record.attributes);
    out.uint32("droppedAttributesCount", record.droppedAttributesCount);
    out.uint32("flags", record.flags);
    out.string("traceId", record.traceId());
    out.string("spanId", Ids.hex(record.spanId));
    out.string("eventName", record.eventName);
    out.endMessage();
  }
}
