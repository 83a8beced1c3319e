package io.raybridge.receivers.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Outputs;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.data.Signal;

/** Makes receivers of OTLP over gRPC and HTTP. */
public final class OtlpReceiverFactory implements ReceiverFactory<OtlpReceiverConfig> {
  @Override
  public Descriptor<OtlpReceiverConfig> descriptor() {
    return Descriptor.of(
        "otlp",
        OtlpReceiverConfig.class,
        Stability.BETA,
        Signal.TRACES,
        Signal.METRICS,
        Signal.LOGS);
  }

  @Override
  public Receiver create(OtlpReceiverConfig config, Outputs outputs, Context context) {
    return new OtlpReceiver(config.protocols(), outputs, context);
  }
}
