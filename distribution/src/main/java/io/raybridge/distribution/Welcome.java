package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import io.raybridge.engine.Companion;
import io.raybridge.engine.Foreground;
import io.raybridge.extensions.localxray.LocalXrayConfig;
import io.raybridge.receivers.otlp.OtlpReceiverConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a newcomer where to send, where to look and where the data lies, when the collector that
 * has just started serves the local X-Ray; says nothing otherwise.
 */
final class Welcome implements Companion {
  private final CollectorConfig config;
  private final Surroundings surroundings;

  Welcome(CollectorConfig config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
  }

  @Override
  public void ready() {
    for (String line : lines()) {
      surroundings.out().println(line);
    }
    surroundings.out().flush();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (var used : config.extensions()) {
      if (config.component(used.id()).config() instanceof LocalXrayConfig local) {
        lines.add("");
        lines.addAll(send());
        lines.add("  look   http://" + local.endpoint());
        lines.add("  data   " + local.directory(Foreground.dataDir(surroundings.env())));
        lines.add("");
        return lines;
      }
    }
    return lines;
  }

  private List<String> send() {
    List<String> lines = new ArrayList<>();
    for (OtlpReceiverConfig otlp : receivers(config)) {
      otlp.protocols()
          .grpc()
          .ifPresent(
              grpc -> lines.add("  send   http://" + grpc.endpoint() + "  (OTLP over gRPC)"));
      otlp.protocols()
          .http()
          .ifPresent(
              http -> lines.add("  send   http://" + http.endpoint() + "  (OTLP over HTTP)"));
    }
    return lines;
  }

  /** The OTLP receivers that begin a pipeline, each once. */
  static List<OtlpReceiverConfig> receivers(CollectorConfig config) {
    return config.pipelines().stream()
        .flatMap(pipeline -> pipeline.receivers().stream())
        .distinct()
        .map(used -> config.component(used.id()).config())
        .filter(OtlpReceiverConfig.class::isInstance)
        .map(OtlpReceiverConfig.class::cast)
        .distinct()
        .toList();
  }
}
