package io.raybridge.data;

import java.util.List;

/**
 * Log records between protobuf and objects: <a
 * href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/opentelemetry/proto/logs/v1/logs.proto">logs.proto</a>.
 */
final class LogsCodec implements Codec<ResourceLogs> {
  private static final int BODY = 42;

  static final LogsCodec INSTANCE = new LogsCodec();

  @Override
  public Shape shape() {
    return Shape.LOGS;
  }

  @Override
  public ResourceLogs read(ProtoReader in) {
    var group = new ResourceLogs();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readResource(in, group.resource);
        case 18 -> group.scopeLogs().add(readScopeLogs(in));
        case 26 -> group.schemaUrl = in.name();
        default -> group.unknown = in.keep(group.unknown, start, tag);
      }
    }
    return group;
  }

  @Override
  public void write(ProtoWriter out, ResourceLogs group) {
    int mark = out.mark();
    out.unknown(group.unknown);
    out.string(26, group.schemaUrl);
    var scopes = group.scopeLogs == null ? List.<ScopeLogs>of() : group.scopeLogs;
    for (int i = scopes.size(); i-- > 0; ) writeScopeLogs(out, scopes.get(i));
    CommonCodec.writeResource(out, 10, group.resource);
    out.message(10, mark);
  }

  @Override
  public List<ResourceLogs> readJson(JsonReader in) throws MalformedBatchException {
    return LogsJson.read(in);
  }

  @Override
  public void writeJson(JsonWriter out, List<ResourceLogs> groups) {
    LogsJson.write(out, groups);
  }

  @Override
  public ResourceLogs copy(ResourceLogs group) {
    return group.copy();
  }

  @Override
  public int items(ResourceLogs group) {
    if (group.scopeLogs == null) return 0;
    int items = 0;
    for (var scope : group.scopeLogs)
      items += scope.logRecords == null ? 0 : scope.logRecords.size();
    return items;
  }

  @Override
  public ResourceLogs takeLast(ResourceLogs group, int items) {
    var scopes = group.scopeLogs();
    group.scopeLogs = null;
    var last = group.copy();
    group.scopeLogs = scopes;
    int whole = scopes.size();
    int left = items;
    while (left > 0 && scopes.get(whole - 1).logRecords().size() <= left) {
      whole--;
      left -= scopes.get(whole).logRecords().size();
    }
    if (left > 0) last.scopeLogs().add(takeLast(scopes.get(whole - 1), left));
    last.scopeLogs().addAll(Lists.takeLast(scopes, scopes.size() - whole));
    return last;
  }

  private static ScopeLogs takeLast(ScopeLogs group, int items) {
    var logRecords = group.logRecords();
    group.logRecords = null;
    var last = group.copy();
    group.logRecords = logRecords;
    last.logRecords = Lists.takeLast(logRecords, items);
    return last;
  }

  private static ScopeLogs readScopeLogs(ProtoReader in) {
    var group = new ScopeLogs();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readScope(in, group.scope);
        case 18 -> group.logRecords().add(readLogRecord(in));
        case 26 -> group.schemaUrl = in.name();
        default -> group.unknown = in.keep(group.unknown, start, tag);
      }
    }
    return group;
  }

  private static void writeScopeLogs(ProtoWriter out, ScopeLogs group) {
    int mark = out.mark();
    out.unknown(group.unknown);
    out.string(26, group.schemaUrl);
    var records = group.logRecords == null ? List.<LogRecord>of() : group.logRecords;
    for (int i = records.size(); i-- > 0; ) writeLogRecord(out, records.get(i));
    CommonCodec.writeScope(out, 10, group.scope);
    out.message(18, mark);
  }

  private static LogRecord readLogRecord(ProtoReader in) {
    var record = new LogRecord();
    int end = in.end();
    int from = in.at;
    boolean joined = false;
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 9 -> record.timeUnixNano = in.fixed64();
        case 16 -> record.severityNumber = in.varint();
        case 26 -> record.severityText = in.name();
        case BODY -> {
          if (record.body == null) {
            record.body = CommonCodec.readValue(in, in.end());
          } else {
            if (!joined) record.body = CommonCodec.readValue(in.joined(from, end, BODY));
            joined = true;
            in.at = in.end();
          }
        }
        case 50 -> CommonCodec.readKeyValue(in, record.attributes);
        case 56 -> record.droppedAttributesCount = in.varint();
        case 69 -> record.flags = in.fixed32();
        case 74 -> {
          boolean none = in.varint() == 0;
          record.traceIdHi = none ? 0 : in.idPart();
          record.traceIdLo = none ? 0 : in.idPart();
        }
        case 82 -> record.spanId = in.spanId();
        case 89 -> record.observedTimeUnixNano = in.fixed64();
        case 98 -> record.eventName = in.name();
        default -> record.unknown = in.keep(record.unknown, start, tag);
      }
    }
    return record;
  }

  private static void writeLogRecord(ProtoWriter out, LogRecord record) {
    int mark = out.mark();
    out.unknown(record.unknown);
    out.string(98, record.eventName);
    out.fixed64(89, record.observedTimeUnixNano);
    out.spanId(82, record.spanId);
    out.traceId(74, record.traceIdHi, record.traceIdLo);
    out.fixed32(69, record.flags);
    out.uint32(56, record.droppedAttributesCount);
    CommonCodec.writeAttributes(out, 50, record.attributes);
    if (record.body != null) CommonCodec.writeValue(out, BODY, record.body);
    out.string(26, record.severityText);
    out.int32(16, record.severityNumber);
    out.fixed64(9, record.timeUnixNano);
    out.message(18, mark);
  }
}
