package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All log records of one scope. */
public final class ScopeLogs {
  final Scope scope;
  @Nullable List<LogRecord> logRecords;
  String schemaUrl = "";
  @Nullable UnknownFields unknown;

  public ScopeLogs() {
    this(new Scope());
  }

  private ScopeLogs(Scope scope) {
    this.scope = scope;
  }

  /** The library that produced them. */
  public Scope scope() {
    return scope;
  }

  /** The log records; change the list to change the batch. */
  public List<LogRecord> logRecords() {
    if (logRecords == null) logRecords = new ArrayList<>(4);
    return logRecords;
  }

  /** The schema URL that the names in here follow, or empty. */
  public String schemaUrl() {
    return schemaUrl;
  }

  /** Sets the schema URL that the names in here follow, or empty. */
  public ScopeLogs schemaUrl(String value) {
    schemaUrl = value;
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public ScopeLogs copy() {
    var copy = new ScopeLogs(scope.copy());
    copy.logRecords = Lists.copy(logRecords, LogRecord::copy);
    copy.schemaUrl = schemaUrl;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
