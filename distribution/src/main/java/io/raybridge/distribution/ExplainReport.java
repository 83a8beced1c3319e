package io.raybridge.distribution;

import io.raybridge.xray.explain.Explanation;
import io.raybridge.xray.explain.Explanation.Document;
import io.raybridge.xray.explain.Explanation.Fate;
import io.raybridge.xray.explain.Explanation.Field;
import io.raybridge.xray.explain.Explanation.Part;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Prints explanations, for people or for programs. */
final class ExplainReport {
  private static final int LONGEST_VALUE = 60;
  private static final int LONGEST_LIST = 5;
  private static final int PATH_WIDTH = 32;
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintWriter out;

  ExplainReport(PrintWriter out) {
    this.out = out;
  }

  void text(Explanation explanation) {
    out.printf(
        "span %s %s of trace %s%n",
        explanation.spanId(), quoted(explanation.name()), explanation.traceId());
    if (explanation.dropped() != null) out.println("  dropped: " + explanation.dropped());
    for (Document document : explanation.documents()) document(document);
    if (!explanation.documents().isEmpty()) {
      for (Fate fate : Fate.values()) parts(explanation, fate);
    }
    for (String note : explanation.notes()) out.println("  note: " + note);
    out.println();
  }

  private void document(Document document) {
    boolean subsegment = document.fields().stream().anyMatch(field -> field.path().equals("/type"));
    out.println(subsegment ? "  subsegment" : "  segment");
    for (Field field : document.fields()) {
      String line = pad(field.path()) + ' ' + shortened(field.value());
      out.println("    " + line + source(field));
    }
  }

  private static String source(Field field) {
    if (!field.from().isEmpty()) return "  <- " + list(field.from());
    return field.decidedBy().isEmpty() ? "" : "  by " + list(field.decidedBy());
  }

  private void parts(Explanation explanation, Fate fate) {
    var of = explanation.parts().stream().filter(part -> part.fate() == fate).toList();
    if (of.isEmpty()) return;
    out.println("  " + word(fate));
    for (Part part : of) {
      String where = fate == Fate.LEFT_OUT ? part.why() : list(part.places());
      out.println("    " + pad(shortened(part.name())) + ' ' + where);
    }
  }

  private static String word(Fate fate) {
    return switch (fate) {
      case MAPPED -> "mapped to fields of their own";
      case ANNOTATED -> "annotated";
      case METADATA -> "in metadata";
      case DECIDES -> "not shown, but deciding others";
      case LEFT_OUT -> "left out";
    };
  }

  private static String list(List<String> names) {
    if (names.size() <= LONGEST_LIST) return String.join(", ", names);
    return String.join(", ", names.subList(0, LONGEST_LIST))
        + " and "
        + (names.size() - LONGEST_LIST)
        + " more";
  }

  private static String pad(String text) {
    return text.length() >= PATH_WIDTH ? text : text + " ".repeat(PATH_WIDTH - text.length());
  }

  private static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  /** On one line, and without what a terminal would obey. */
  private static String shortened(String text) {
    var line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_VALUE)
        .forEach(c -> {
          if (c == '\n') line.append("\\n");
          else if (Character.isISOControl(c)) line.append('\uFFFD');
          else line.appendCodePoint(c);
        });
    return text.codePointCount(0, text.length()) > LONGEST_VALUE
        ? line.append("...").toString()
        : line.toString();
  }

  /** One line for each span. */
  void json(Explanation explanation) {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeStringProperty("trace_id", explanation.traceId());
      json.writeStringProperty("span_id", explanation.spanId());
      json.writeStringProperty("name", explanation.name());
      if (explanation.dropped() != null) {
        json.writeStringProperty("dropped", explanation.dropped());
      }
      json.writeArrayPropertyStart("documents");
      for (Document document : explanation.documents()) {
        json.writeStartObject();
        json.writeName("document");
        json.writeRawValue(document.json());
        json.writeArrayPropertyStart("fields");
        for (Field field : document.fields()) field(json, field);
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("parts");
      for (Part part : explanation.parts()) part(json, part);
      json.writeEndArray();
      strings(json, "notes", explanation.notes());
      json.writeEndObject();
    }
    out.println(line);
  }

  private static void field(JsonGenerator json, Field field) {
    json.writeStartObject();
    json.writeStringProperty("path", field.path());
    strings(json, "from", field.from());
    strings(json, "decided_by", field.decidedBy());
    json.writeEndObject();
  }

  private static void part(JsonGenerator json, Part part) {
    json.writeStartObject();
    json.writeStringProperty("name", part.name());
    json.writeStringProperty("fate", part.fate().name().toLowerCase(Locale.ROOT));
    strings(json, "places", part.places());
    if (!part.why().isEmpty()) json.writeStringProperty("why", part.why());
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }
}
