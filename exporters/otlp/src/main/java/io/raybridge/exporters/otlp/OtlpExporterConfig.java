package io.raybridge.exporters.otlp;

import io.raybridge.api.Inline;
import io.raybridge.api.Key;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.delivery.RetryConfig;
import io.raybridge.delivery.SendingQueueConfig;
import io.raybridge.transport.GrpcClientConfig;
import java.time.Duration;

/** Keys under {@code exporters.otlp}. */
public record OtlpExporterConfig(
    @Inline GrpcClientConfig client,
    @Key(doc = "How long one attempt may take. 0: for ever.", def = "5s") Duration timeout,
    @Key(doc = "Where batches wait until they are sent.") SendingQueueConfig sendingQueue,
    @Key(doc = "What happens to requests that fail.") RetryConfig retryOnFailure,
    @Key(doc = "Where what is given up is kept. Not a key of the Go Collector.")
        DeadLetterConfig deadLetters) {}
