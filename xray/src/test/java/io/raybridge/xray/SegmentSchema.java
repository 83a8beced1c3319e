package io.raybridge.xray;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** X-Ray's segment document schema, as far as the developer guide tells it. */
final class SegmentSchema {
  private static final Schema SCHEMA = load();

  private SegmentSchema() {}

  private static Schema load() {
    try (InputStream in =
        SegmentSchema.class.getResourceAsStream("/segment-document.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Objects.requireNonNull(in, "segment-document.schema.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with a document, or null. */
  static @Nullable String problem(JsonNode document) {
    var problems = SCHEMA.validate(document);
    if (!problems.isEmpty()) return problems.toString();
    if (document.path("end_time").asDouble(Double.MAX_VALUE)
        < document.path("start_time").asDouble()) {
      return "ends before it starts";
    }
    return null;
  }
}
