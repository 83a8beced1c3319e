package io.raybridge.delivery;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Batching;
import io.raybridge.api.Clock;
import io.raybridge.api.Component;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Outcome;
import io.raybridge.api.Storage;
import io.raybridge.api.Telemetry;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a pipeline and a destination: takes batches over, puts them together, encodes
 * them, sends each request with as much concurrency as the destination rewards, and keeps it until
 * it is delivered or named as dropped.
 */
public final class DeliveryQueue<B extends Batch, P extends Payload>
    implements Consumer<B>, Batching, Component {
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final Duration A_WORD = Duration.ofMillis(10);

  /** Of the time to stop, what is kept for writing down what could not be sent. */
  private static final int WRITING_SHARE = 4;

  private static final Duration WRITING_AT_MOST = Duration.ofSeconds(2);

  private final Context context;
  private final Signal signal;
  private final SendingQueueConfig config;
  private final RetryConfig retry;
  private final Limits limits;
  private final Supplier<? extends Encoder<B, P>> encoders;
  private final ArrayDeque<Encoder<B, P>> idleEncoders = new ArrayDeque<>();
  private final Backlog<B> backlog;
  private final DeadLetters letters;
  private final Accounts<B> accounts;
  private final Shipping<B, P> shipping;
  private final Set<Thread> threads = Shipping.threadSet();
  private final String sendThread;
  private volatile boolean running;

  /**
   * @param encoders makes one encoder for each batch that is encoded at the same time
   */
  public DeliveryQueue(
      Context context,
      Signal signal,
      SendingQueueConfig queue,
      RetryConfig retry,
      Limits limits,
      DeadLetterConfig deadLetters,
      Supplier<? extends Encoder<B, P>> encoders,
      Sender<P> sender) {
    this(
        context,
        signal,
        queue,
        retry,
        limits,
        deadLetters,
        encoders,
        sender,
        DeliveryQueue::random);
  }

  DeliveryQueue(
      Context context,
      Signal signal,
      SendingQueueConfig queue,
      RetryConfig retry,
      Limits limits,
      DeadLetterConfig deadLetters,
      Supplier<? extends Encoder<B, P>> encoders,
      Sender<P> sender,
      DoubleSupplier random) {
    this.context = context;
    this.signal = signal;
    this.retry = retry;
    this.limits = limits;
    config = queue;
    this.encoders = encoders;
    Clock clock = context.clock();
    letters = new DeadLetters(context, signal, deadLetters);
    accounts = new Accounts<>(context.ledger(), signal, letters);
    backlog = new Backlog<>(queue, limits.itemsPerRequest(), clock, signal, accounts);
    shipping =
        new Shipping<>(
            clock,
            context.log(),
            retry,
            random,
            sender,
            new InFlight(clock, limits.requests(), limits.bytes()),
            new Pace(clock, limits.itemsPerSecond()),
            new Stopping(clock),
            new Trouble(context.log(), clock),
            new Isolation(clock),
            accounts,
            backlog::settled,
            threads);
    sendThread = context.id() + " send " + signal.key();
    gauges(context.telemetry(), signal);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  private void gauges(Telemetry telemetry, Signal signal) {
    String[] label = {"data_type", signal.key()};
    String unit = config.sizer().unit();
    telemetry.gauge(
        "otelcol_exporter_queue_size",
        unit,
        "What the sending queue holds, including what is being sent.",
        backlog::size,
        label);
    telemetry.gauge(
        "otelcol_exporter_queue_capacity",
        unit,
        "What the sending queue may hold.",
        config::queueSize,
        label);
    telemetry.gauge(
        "otelcol_exporter_queue_bytes",
        "By",
        "Bytes of the batches that wait to be encoded.",
        backlog::bytes,
        label);
    telemetry.gauge(
        "otelcol_exporter_in_flight_requests",
        "{requests}",
        "Requests being sent now.",
        shipping.inFlight()::requests,
        label);
    telemetry.gauge(
        "otelcol_exporter_in_flight_limit",
        "{requests}",
        "Requests that may be sent at once, as the destination's answers have it.",
        shipping.inFlight()::limit,
        label);
    telemetry.gauge(
        "otelcol_exporter_in_flight_bytes",
        "By",
        "Bytes of encoded requests, being sent or waiting to be sent again.",
        shipping.inFlight()::bytes,
        label);
  }

  /** This queue for the engine, unless its configuration says already how to batch. */
  public Optional<Batching> batching() {
    return config.enabled() && config.batch().isEmpty() ? Optional.of(this) : Optional.empty();
  }

  @Override
  public void batch(BatchRequest request) {
    backlog.policy(BatchPolicy.of(request));
  }

  /**
   * Keeps apart what differs in these fields, and keeps the fields with the batches, besides those
   * that the configuration names. To be called before the start.
   */
  public void apartBy(MetadataKeys more) {
    backlog.apartBy(more);
  }

  /**
   * Begins to send.
   *
   * @throws IOException when the configured storage cannot be had
   */
  @Override
  public void start() throws IOException {
    running = true;
    if (!config.enabled()) return;
    if (config.storage().isPresent()) openStorage(config.storage().get());
    for (int i = 0; i < config.numConsumers(); i++) {
      var worker = Thread.ofVirtual().name(context.id() + " encode " + i).unstarted(this::work);
      threads.add(worker);
      worker.start();
    }
  }

  private void openStorage(String name) throws IOException {
    var storage =
        context
            .host()
            .extension(name, Storage.class)
            .orElseThrow(() ->
                new IOException(
                    "sending_queue.storage: no extension \""
                        + name
                        + "\" that keeps data is running (expected: one in service.extensions, such"
                        + " as file_storage)"));
    backlog.keepIn(storage.open(context.id(), signal.key()));
    if (!retry.enabled() || retry.maxElapsedTime().isPositive()) {
      context.log().log(
          Level.INFO,
          "the queue of {0} is on disk, but what cannot be sent is dropped as retry_on_failure says;"
              + " max_elapsed_time: 0s keeps it for as long as it takes",
          signal.key());
    }
  }

  @Override
  public Outcome consume(B batch) {
    return consume(batch, 0);
  }

  private Outcome consume(B batch, int bytesAtOnce) {
    if (batch instanceof Traces traces) traces.settle();
    int items = batch.items();
    if (items == 0) return Outcome.ACCEPTED;
    try {
      return config.enabled() ? enqueue(batch, items, bytesAtOnce) : sendNow(batch, items);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.unavailable("interrupted");
    }
  }

  /**
   * A queue in memory that answers when it has taken a batch over has nothing to wait for. While a
   * lot is ready and nobody encodes it, batches had better come from threads that take turns with
   * those who encode: a thread that serves sockets would go on ahead of them and fill the queue.
   *
   * <p>As long as requests leave as fast as they are made, it encodes at once what it has filled:
   * the bytes are still in the processor's cache, they are garbage before a collection has to copy
   * them, and nobody is woken. See decision 0015.
   */
  @Override
  public @Nullable Outcome consumeNow(B batch) {
    boolean waits =
        !config.enabled()
            || config.waitForResult()
            || config.blockOnOverflow()
            || backlog.isOnDisk()
            || backlog.isBehind();
    if (waits) return null;
    return consume(batch, running && shipping.inFlight().isCalm() ? limits.bytesAtOnce() : 0);
  }

  private Outcome enqueue(B batch, int items, int bytesAtOnce) throws InterruptedException {
    if (backlog.isOnDisk() || backlog.isLong()) Merge.pack(batch);
    return switch (backlog.offer(batch, bytesAtOnce)) {
      case Backlog.Admission.Filled<B> filled -> {
        encode(filled.lot(), true);
        yield Outcome.ACCEPTED;
      }
      case Backlog.Admission.Taken<B> taken ->
          config.waitForResult() ? taken.lot().await(items) : Outcome.ACCEPTED;
      case Backlog.Admission.Stored<B> _ -> Outcome.ACCEPTED;
      case Backlog.Admission.Unwritten<B> unwritten -> unwritten.why();
      case Backlog.Admission.Full<B> full -> Outcome.overloaded(full.why(), COME_AGAIN);
      case Backlog.Admission.Closed<B> _ -> stopped();
    };
  }

  private Outcome sendNow(B batch, int items) throws InterruptedException {
    var lot = backlog.adopt(batch);
    if (lot == null) return stopped();
    encode(lot, false);
    return lot.await(items);
  }

  private static Outcome stopped() {
    return Outcome.unavailable("shutting down");
  }

  private void work() {
    try {
      for (var lot = take(); lot != null; lot = take()) encode(lot, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  // Reading from disk takes memory, of which there may be none just now.
  private @Nullable Lot<B> take() throws InterruptedException {
    while (true) {
      try {
        return backlog.take();
      } catch (RuntimeException | Error e) {
        context.log().log(Level.ERROR, "cannot take what waits, tried again in a second", e);
        context.clock().sleep(COME_AGAIN);
      }
    }
  }

  private void encode(Lot<B> lot, boolean withoutWaiting) throws InterruptedException {
    var sink = new LotSink(lot, withoutWaiting);
    try {
      var encoder = borrowEncoder();
      int maxItems = backlog.policy().maxItems(lot.items(), lot.bytes());
      for (var batch : Merge.together(lot.takeBatches(), maxItems)) encoder.encode(batch, sink);
      giveBack(encoder);
      sink.end("not accounted for");
      if (sink.interrupted) throw new InterruptedException();
    } catch (RuntimeException | Error bug) {
      // The encoder is in an unknown state: the next lot gets a new one.
      context.log().log(Level.ERROR, "encoding failed by a bug", bug);
      sink.end(bug.toString());
    } finally {
      backlog.encoded(lot);
      shipping.finish(lot);
    }
  }

  private Encoder<B, P> borrowEncoder() {
    synchronized (idleEncoders) {
      var idle = idleEncoders.poll();
      if (idle != null) return idle;
    }
    return encoders.get();
  }

  // Last in, first out: as few encoders as possible keep their buffers warm.
  private void giveBack(Encoder<B, P> encoder) {
    synchronized (idleEncoders) {
      idleEncoders.push(encoder);
    }
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    backlog.close();
    shipping.stopping().begin();
    if (!running) abandon("never started", deadline);
    try {
      if (!backlog.awaitSettled(endOfSending(deadline))) {
        abandon("not sent before shutdown", deadline);
      }
    } catch (InterruptedException e) {
      abandon("interrupted before it was sent", deadline);
      throw e;
    } finally {
      closeSpool();
      letters.close();
    }
    synchronized (idleEncoders) {
      idleEncoders.clear();
    }
  }

  private long endOfSending(Deadline deadline) {
    if (!letters.areKept()) return deadline.nanoTime();
    var share = deadline.left().dividedBy(WRITING_SHARE);
    var writing = share.compareTo(WRITING_AT_MOST) < 0 ? share : WRITING_AT_MOST;
    return deadline.nanoTime() - writing.toNanos();
  }

  private void abandon(String why, Deadline deadline) {
    backlog.leave();
    var unencoded = backlog.takeRest();
    interruptAll();
    for (var lot : unencoded) if (letters.areKept() && !deadline.passed()) keep(lot, why);
    for (var lot : backlog.unsettled()) {
      accounts.givenUp(lot, Accounts.Loss.shutdown(lot.open(), why));
      shipping.finish(lot);
    }
  }

  /**
   * Those who have a request in hand write it to the dead letters, unless they do not listen. Who
   * was about to hand one to a new thread has done so meanwhile: therefore again and again.
   */
  private void interruptAll() {
    long end = System.nanoTime() + LAST_WORDS.toNanos();
    try {
      while (!threads.isEmpty() && System.nanoTime() - end < 0) {
        for (var thread : threads) thread.interrupt();
        for (var thread : threads) {
          boolean _ = thread.join(A_WORD);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Encodes what nobody will send any more, for the dead letters. */
  private void keep(Lot<B> lot, String why) {
    if (lot.isOnDisk() || lot.awaited()) return;
    var sink = new LotSink(lot, false);
    sink.interrupted = true;
    try {
      var encoder = encoders.get();
      for (var batch : Merge.together(lot.takeBatches(), 0)) encoder.encode(batch, sink);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      context.log().log(Level.ERROR, "encoding failed by a bug", bug);
    }
    accounts.givenUp(lot, Accounts.Loss.shutdown(lot.open(), why));
  }

  private void closeSpool() {
    if (!backlog.isOnDisk()) return;
    long left = backlog.closeSpool();
    if (left == 0) return;
    accounts.spooled(left);
    context.log().log(
        Level.INFO,
        "{0} {1} stay on disk and are sent after the next start",
        Long.toString(left),
        signal.items().replace('_', ' '));
  }

  /** Where the encoder of one lot puts its requests; makes sure that no item is forgotten. */
  private final class LotSink implements PayloadSink<P> {
    private final Lot<B> lot;
    private final boolean withoutWaiting;
    private int handled;
    private boolean interrupted;

    LotSink(Lot<B> lot, boolean withoutWaiting) {
      this.lot = lot;
      this.withoutWaiting = withoutWaiting;
    }

    @Override
    public void accept(P payload) {
      try {
        if (withoutWaiting) shipping.shipLater(lot, payload, sendThread);
        else if (!interrupted) shipping.ship(lot, payload, sendThread);
      } catch (InterruptedException e) {
        // Only the end of a stop interrupts. The rest of the lot is encoded for the dead letters.
        interrupted = true;
      }
      if (interrupted) {
        boolean kept = letters.areKept() && !lot.isOnDisk() && !lot.awaited();
        accounts.givenUp(
            lot,
            kept
                ? Accounts.Loss.shutdown(payload)
                : Accounts.Loss.shutdown(payload.items(), "not sent before shutdown"));
      }
      handled += payload.items();
    }

    @Override
    public void reject(Rejection rejection) {
      handled += rejection.items();
      accounts.rejected(lot, "unencodable", rejection);
    }

    void end(String why) {
      int missing = lot.items() - handled;
      if (missing <= 0) return;
      accounts.rejected(lot, "internal_error", new Rejection(missing, "internal_error", why, null));
    }
  }
}
