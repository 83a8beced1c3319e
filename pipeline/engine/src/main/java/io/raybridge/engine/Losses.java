package io.raybridge.engine;

import io.raybridge.data.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an exporter drops from a moment on: from when it was told to stop. */
final class Losses {
  private final LossLedger.Account account;
  private final Map<Signal, Map<String, Long>> then = new EnumMap<>(Signal.class);

  Losses(LossLedger.Account account, List<Signal> signals) {
    this.account = account;
    for (var signal : signals) then.put(signal, account.balance(signal).dropped());
  }

  /** One line for people; empty if nothing was lost. */
  Optional<String> sinceThen() {
    List<String> parts = new ArrayList<>();
    then.forEach((signal, before) -> {
      var lost = new TreeMap<>(account.balance(signal).dropped());
      before.forEach((reason, items) -> lost.merge(reason, -items, Long::sum));
      lost.forEach((reason, items) -> {
        if (items > 0) parts.add(items + " " + Names.words(signal) + " " + reason);
      });
    });
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "exporter %s was stopped for a new configuration and lost: %s"
                .formatted(account.stage(), String.join(", ", parts)));
  }
}
