package io.raybridge.receivers.awsxray;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Outputs;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.data.Signal;

/** Makes receivers of what X-Ray's SDKs send to the X-Ray daemon. */
public final class AwsXrayReceiverFactory implements ReceiverFactory<AwsXrayReceiverConfig> {
  @Override
  public Descriptor<AwsXrayReceiverConfig> descriptor() {
    return Descriptor.of(
        "awsxray", AwsXrayReceiverConfig.class, Stability.BETA, Signal.TRACES, Signal.METRICS);
  }

  @Override
  public Receiver create(AwsXrayReceiverConfig config, Outputs outputs, Context context) {
    return new AwsXrayReceiver(config, outputs, context);
  }
}
