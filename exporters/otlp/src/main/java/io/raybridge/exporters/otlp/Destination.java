package io.raybridge.exporters.otlp;

import io.raybridge.api.MetadataKeys;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.SendResult;
import java.io.IOException;

/** A server that takes OTLP, over one of its two protocols. */
interface Destination {
  /** Within this the queue adapts to what the server takes. */
  int MAX_REQUESTS = 64;

  /** The most requests at once. */
  int maxRequests();

  /** Gets ready to send; says which certificate or address could not be had. */
  void open() throws IOException;

  /** What of clients' metadata goes along with requests, once it is open. */
  MetadataKeys wants();

  /** Turns a batch into a request of this protocol. */
  <B extends Batch> Encoder<B, OtlpPayload> encoder();

  /** Makes one attempt. */
  SendResult<OtlpPayload> send(Signal signal, OtlpPayload payload) throws InterruptedException;

  /** Ends all connections. Safe without {@link #open}. */
  void close();
}
