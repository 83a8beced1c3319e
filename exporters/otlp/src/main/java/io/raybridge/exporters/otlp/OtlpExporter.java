package io.raybridge.exporters.otlp;

import io.raybridge.api.Batching;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.delivery.DeliveryQueue;
import io.raybridge.delivery.Limits;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.RetryConfig;
import io.raybridge.delivery.SendingQueueConfig;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Sends each signal through a queue of its own to one server that takes OTLP. */
final class OtlpExporter implements Exporter, Redelivery.Able {
  private final Map<Signal, DeliveryQueue<?, OtlpPayload>> queues = new EnumMap<>(Signal.class);
  private final Context context;
  private final SendingQueueConfig queue;
  private final RetryConfig retry;
  private final DeadLetterConfig deadLetters;
  private final Destination destination;

  OtlpExporter(
      Context context,
      SendingQueueConfig queue,
      RetryConfig retry,
      DeadLetterConfig deadLetters,
      Destination destination) {
    this.context = context;
    this.queue = queue;
    this.retry = retry;
    this.deadLetters = deadLetters;
    this.destination = destination;
  }

  @Override
  public Consumer<Traces> traces() {
    return queue(Signal.TRACES);
  }

  @Override
  public Consumer<Metrics> metrics() {
    return queue(Signal.METRICS);
  }

  @Override
  public Consumer<Logs> logs() {
    return queue(Signal.LOGS);
  }

  @Override
  public Optional<Batching> batching(Signal signal) {
    return Optional.ofNullable(queues.get(signal)).flatMap(DeliveryQueue::batching);
  }

  @Override
  public void start() throws IOException {
    destination.open();
    for (var each : queues.values()) {
      each.apartBy(destination.wants());
      each.start();
    }
  }

  @Override
  public Redelivery redelivery() throws IOException {
    destination.open();
    return new OtlpRedelivery(destination, retry, context.clock());
  }

  /** All queues drain at the same time, since they share the time that is left. */
  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    try {
      var draining = queues.values().stream().map(some -> drain(some, deadline)).toList();
      for (Thread thread : draining) {
        thread.join();
      }
    } finally {
      destination.close();
    }
  }

  private static Thread drain(DeliveryQueue<?, OtlpPayload> queue, Deadline deadline) {
    return Thread.startVirtualThread(() -> {
      try {
        queue.stop(deadline);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private <B extends Batch> DeliveryQueue<B, OtlpPayload> queue(Signal signal) {
    var made =
        new DeliveryQueue<B, OtlpPayload>(
            context,
            signal,
            queue,
            retry,
            Limits.ofRequests(destination.maxRequests()),
            deadLetters,
            destination::encoder,
            new OtlpSender(destination, signal));
    queues.put(signal, made);
    return made;
  }
}
