package io.raybridge.engine;

import io.raybridge.api.Diagnostics;
import io.raybridge.api.Kind;
import java.io.StringWriter;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * {@code GET /drops}: the ledger, and the last losses one by one, newest first. {@code
 * ?trace_id=...} shows those of one trace.
 */
final class DropsPage implements Diagnostics {
  private static final JsonFactory JSON = new JsonFactory();

  private final LossLedger ledger;

  DropsPage(LossLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Optional<Page> page(String path, Function<String, @Nullable String> parameters) {
    return switch (path) {
      case "/" -> Optional.of(new Page("text/plain; charset=utf-8", "/drops\n"));
      case "/drops" ->
          Optional.of(new Page("application/json", text(parameters.apply("trace_id"))));
      default -> Optional.empty();
    };
  }

  private String text(@Nullable String traceId) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeName("ledger");
      json.writeStartArray();
      for (var account : ledger.accounts()) {
        for (var signal : account.signals()) {
          line(json, account, signal.key(), account.balance(signal));
        }
      }
      json.writeEndArray();
      json.writeName("drops");
      json.writeStartArray();
      for (var loss : ledger.recent()) {
        if (traceId == null || traceId.equals(loss.drop().traceId())) drop(json, loss);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private static void line(
      JsonGenerator json, LossLedger.Account account, String signal, LossLedger.Balance balance) {
    json.writeStartObject();
    json.writeStringProperty("kind", account.stage().kind().word());
    json.writeStringProperty("component", account.stage().toString());
    json.writeStringProperty("signal", signal);
    if (account.stage().kind() == Kind.EXPORTER) {
      json.writeNumberProperty("accepted", balance.accepted());
      json.writeNumberProperty("delivered", balance.delivered());
      json.writeNumberProperty("queued", balance.queued());
    }
    json.writeName("dropped");
    json.writeStartObject();
    balance.dropped().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void drop(JsonGenerator json, LossLedger.Loss loss) {
    var drop = loss.drop();
    json.writeStartObject();
    json.writeStringProperty("time", loss.time().toString());
    json.writeStringProperty("kind", loss.stage().kind().word());
    json.writeStringProperty("component", loss.stage().toString());
    json.writeStringProperty("signal", drop.signal().key());
    json.writeNumberProperty("items", drop.items());
    json.writeStringProperty("reason", drop.reason());
    if (drop.code() != null) json.writeStringProperty("code", drop.code());
    if (drop.traceId() != null) json.writeStringProperty("trace_id", drop.traceId());
    json.writeStringProperty("detail", drop.detail());
    json.writeEndObject();
  }
}
