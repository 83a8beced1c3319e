package io.raybridge.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.testkit.ReceiverContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every outcome, in each of the three ways to send OTLP. */
class OtlpReceiverContractTest {
  private interface Otlp extends ReceiverContract<OtlpReceiverConfig> {
    @Override
    default ReceiverFactory<OtlpReceiverConfig> factory() {
      return new OtlpReceiverFactory();
    }

    /** As in Go, a receiver that serves nothing is a mistake; a protocol's name alone is enough. */
    @Override
    @Test
    default void defaults_areValid() {
      assertThat(Binder.bind(OtlpReceiverConfig.class, "{}").problems()).hasSize(1);
      assertThat(Binder.bind(OtlpReceiverConfig.class, "protocols:").problems()).hasSize(1);
      var both = Binder.bind(OtlpReceiverConfig.class, "protocols:\n  grpc:\n  http:\n").orThrow();
      assertThat(both.protocols().grpc().orElseThrow().endpoint()).isEqualTo("localhost:4317");
      assertThat(both.protocols().http().orElseThrow().endpoint()).isEqualTo("localhost:4318");
    }
  }

  @Nested
  class Grpc implements Otlp {
    @Override
    public String yaml() {
      return "protocols:\n  grpc:\n    endpoint: localhost:0\n";
    }

    @Override
    public Client connect(Receiver receiver, Signal signal) {
      return new GrpcSender(((OtlpReceiver) receiver).grpcPort());
    }
  }

  @Nested
  class HttpProtobuf implements Otlp {
    @Override
    public String yaml() {
      return "protocols:\n  http:\n    endpoint: localhost:0\n";
    }

    @Override
    public Client connect(Receiver receiver, Signal signal) {
      return new HttpSender(((OtlpReceiver) receiver).httpPort(), false);
    }
  }

  @Nested
  class HttpJson implements Otlp {
    @Override
    public String yaml() {
      return "protocols:\n  http:\n    endpoint: localhost:0\n";
    }

    @Override
    public Client connect(Receiver receiver, Signal signal) {
      return new HttpSender(((OtlpReceiver) receiver).httpPort(), true);
    }
  }
}
