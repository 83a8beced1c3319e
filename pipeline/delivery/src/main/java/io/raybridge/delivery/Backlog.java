package io.raybridge.delivery;

import io.raybridge.api.Clock;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.data.Batch;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches taken over and not settled yet: bounded, and put together as the policy says. It
 * alone knows where they are kept: in memory, or in a spool on disk.
 *
 * <p>With a spool a batch is written before it is taken over. It stays in memory as well while
 * there is room; from the first one on for which there is none, all that come are on disk only, and
 * are read back in their order when it is their turn. So memory is bounded, whatever waits.
 */
final class Backlog<B extends Batch> {
  private final SendingQueueConfig config;
  private final Clock clock;
  private final long maxBytes;
  private final int itemsPerRequest;
  private final Signal signal;
  private final Accounts<B> accounts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition space = lock.newCondition();
  private final Condition settled = lock.newCondition();
  private final ArrayDeque<Lot<B>> ready = new ArrayDeque<>();
  private final Set<Lot<B>> unsettled = new HashSet<>();
  private BatchPolicy policy;
  private @Nullable Lot<B> filling;
  // Lots of batches that are kept apart, oldest first. None where nothing keeps them apart.
  private final LinkedHashMap<ClientMetadata, Lot<B>> fillingApart = new LinkedHashMap<>(0);
  // Items that were taken as part of one request of a batch processor, in one lot or several.
  private long inRequest;
  private boolean someoneTimes;
  private boolean closed;
  private long size;
  private long bytes;
  private volatile @Nullable Spool spool;
  // Batches on their way to the disk, until they are in memory or unread.
  private int writing;
  private boolean loading;
  private long sizeBeforeLoading;
  private boolean leaving;
  private long left;

  /**
   * @param itemsPerRequest how many items leave in one request; 0 is as many as come
   * @param accounts told of the items of each batch before anybody can send them
   */
  Backlog(
      SendingQueueConfig config,
      int itemsPerRequest,
      Clock clock,
      Signal signal,
      Accounts<B> accounts) {
    this.config = config;
    this.clock = clock;
    this.signal = signal;
    this.accounts = accounts;
    maxBytes = config.effectiveMaxBytes();
    this.itemsPerRequest = itemsPerRequest;
    policy = config.batch().map(b -> BatchPolicy.of(b, config.sizer())).orElse(BatchPolicy.NONE);
  }

  /** From now on batches are kept in a spool; what is in it already is taken over. */
  void keepIn(Spool opened) {
    accounts.found(opened.unread().items());
    lock.lock();
    try {
      spool = opened;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether batches are written to disk before they are taken over. */
  boolean isOnDisk() {
    return spool != null;
  }

  /** From now on batches are put together like this. */
  void policy(BatchPolicy wanted) {
    lock.lock();
    try {
      policy = wanted;
    } finally {
      lock.unlock();
    }
  }

  /** From now on these keep batches apart, too. */
  void apartBy(MetadataKeys more) {
    lock.lock();
    try {
      policy = policy.apartBy(more);
    } finally {
      lock.unlock();
    }
  }

  BatchPolicy policy() {
    lock.lock();
    try {
      return policy;
    } finally {
      lock.unlock();
    }
  }

  /** What became of an offer: taken in this lot, or why not. */
  sealed interface Admission<B extends Batch> {
    record Taken<B extends Batch>(Lot<B> lot) implements Admission<B> {}

    /** It filled this lot, which is the caller's to encode. */
    record Filled<B extends Batch>(Lot<B> lot) implements Admission<B> {}

    /** It is on disk, and will be sent. */
    record Stored<B extends Batch>() implements Admission<B> {}

    /** It could not be written to disk. */
    record Unwritten<B extends Batch>(Outcome.Retry why) implements Admission<B> {}

    record Full<B extends Batch>(String why) implements Admission<B> {}

    record Closed<B extends Batch>() implements Admission<B> {}
  }

  /**
   * Takes a batch over, if there is space; waits for space if the configuration says so.
   *
   * @param bytesAtOnce up to so many bytes of a lot that this batch fills are encoded by the caller
   */
  Admission<B> offer(B batch, int bytesAtOnce) throws InterruptedException {
    var disk = spool;
    if (disk != null) return write(batch, disk);
    lock.lockInterruptibly();
    try {
      policy.apart().reduce(batch);
      var refusal = awaitSpace(batch);
      if (refusal != null) return refusal;
      accounts.accepted(batch.items());
      var lot = put(batch, null);
      if (!isFull(lot)) return new Admission.Taken<>(lot);
      if (ready.isEmpty() && lot.bytes() <= bytesAtOnce) {
        noLongerFilling(lot);
        return new Admission.Filled<>(lot);
      }
      leaves(lot);
      return new Admission.Taken<>(lot);
    } finally {
      lock.unlock();
    }
  }

  private Admission<B> write(B batch, Spool disk) throws InterruptedException {
    Writing record;
    lock.lockInterruptibly();
    try {
      policy.apart().reduce(batch);
      var refusal = awaitSpace(batch);
      if (refusal != null) return refusal;
      record = new Writing(batch, charge(batch));
      size += record.reserved;
      writing++;
    } finally {
      lock.unlock();
    }
    disk.append(OtlpBytes.of(batch), batch.items(), record);
    return record.await();
  }

  /** Null when there is space, else why not. */
  private @Nullable Admission<B> awaitSpace(B batch) throws InterruptedException {
    while (!closed && !fits(batch)) {
      if (!config.blockOnOverflow()) return new Admission.Full<>(fullness());
      space.await();
    }
    return closed ? new Admission.Closed<>() : null;
  }

  /** A batch on its way to the disk. Told what became of it by the spool's thread. */
  private final class Writing implements Spool.Appending {
    private final CompletableFuture<Admission<B>> answer = new CompletableFuture<>();
    private final B batch;
    private final long reserved;

    Writing(B batch, long reserved) {
      this.batch = batch;
      this.reserved = reserved;
    }

    @Override
    public boolean written(Spool.Position position, boolean first) {
      accounts.accepted(batch.items());
      lock.lock();
      try {
        boolean kept = first && !closed && fitsInMemory(batch);
        if (kept) {
          size -= reserved;
          arrived();
          // From here on the batch belongs to whoever takes the lot.
          add(batch, position);
        }
        return kept;
      } finally {
        lock.unlock();
        boolean _ = answer.complete(new Admission.Stored<>());
      }
    }

    @Override
    public void unread() {
      lock.lock();
      try {
        size -= reserved;
        arrived();
        work.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void failed(Outcome.Retry why) {
      lock.lock();
      try {
        size -= reserved;
        arrived();
        space.signalAll();
      } finally {
        lock.unlock();
        boolean _ = answer.complete(new Admission.Unwritten<>(why));
      }
    }

    private void arrived() {
      writing--;
      if (!closed) return;
      work.signalAll();
      settled.signalAll();
    }

    Admission<B> await() throws InterruptedException {
      try {
        return answer.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Takes a batch over that its caller sends itself, without queue or bounds. */
  @Nullable Lot<B> adopt(B batch) {
    lock.lock();
    try {
      if (closed) return null;
      policy.apart().reduce(batch);
      accounts.accepted(batch.items());
      var lot = new Lot<B>(null, clock.nanoTime(), true);
      lot.add(batch, 0, 0, null);
      unsettled.add(lot);
      return lot;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next lot that is to leave; null when the backlog is closed and empty. */
  @Nullable Lot<B> take() throws InterruptedException {
    while (true) {
      Spool disk;
      lock.lockInterruptibly();
      try {
        var lot = awaitLot();
        if (lot != null) return lot;
        disk = spool;
        if (disk == null || !mayLoad()) return null;
        sizeBeforeLoading = sizeOnDisk();
        loading = true;
      } finally {
        lock.unlock();
      }
      load(disk);
    }
  }

  /** Null when something is to be read from disk first, or when there will be no more. */
  private @Nullable Lot<B> awaitLot() throws InterruptedException {
    while (true) {
      var lot = ready.poll();
      if (lot != null) {
        // Whoever is next may have to watch the time of the lot that is being filled.
        if (!ready.isEmpty() || nextDue() != null || mayLoad()) work.signal();
        return lot;
      }
      if (mayLoad()) return null;
      var due = nextDue();
      if (due == null) {
        if (closed && !isMoreToCome()) return null;
        work.await();
      } else if (closed || clock.nanoTime() - due.flushAt() >= 0) {
        seal(due);
        if (due.apart() == null) inRequest = 0;
      } else if (someoneTimes) {
        work.await();
      } else {
        awaitFlush(due);
      }
    }
  }

  /** The lot is encoded: its batches take no memory here any more. */
  void encoded(Lot<B> lot) {
    lock.lock();
    try {
      bytes -= lot.held();
      space.signalAll();
      if (mayLoad()) work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** All items of the lot are settled. */
  void settled(Lot<B> lot) {
    lock.lock();
    try {
      if (!unsettled.remove(lot)) return;
      size -= lot.charge();
      space.signalAll();
      if (lot.spooled() > 0) {
        left += lot.spooled();
        // The destination does not take what it gets: what is on disk had better stay there.
        stopLoading();
      } else if (lot.isOnDisk()) {
        // With the lock, so that no stop closes the spool before.
        var disk = spool;
        if (disk != null) disk.settle(lot.positions());
      }
      if (unsettled.isEmpty()) settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out all that nobody has begun to encode. */
  List<Lot<B>> takeRest() {
    lock.lock();
    try {
      for (var lot = nextDue(); lot != null; lot = nextDue()) seal(lot);
      var rest = List.copyOf(ready);
      ready.clear();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /** What is on disk only stays there. */
  void leave() {
    lock.lock();
    try {
      stopLoading();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the use of the spool, after everything was settled. Returns the items that stay in it. */
  long closeSpool() {
    var disk = spool;
    if (disk == null) return 0;
    lock.lock();
    try {
      stopLoading();
      while (loading) settled.awaitUninterruptibly();
    } finally {
      lock.unlock();
    }
    disk.close();
    lock.lock();
    try {
      spool = null;
      return left + disk.unread().items();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing over any more; what is there leaves without waiting to be filled. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      space.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is settled, or the moment comes. */
  boolean awaitSettled(long nanoTime) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isSettled()) {
        if (!clock.awaitUntil(lock, settled, nanoTime) && clock.nanoTime() - nanoTime >= 0) {
          return isSettled();
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Everything that is not settled. */
  List<Lot<B>> unsettled() {
    lock.lock();
    try {
      return new ArrayList<>(unsettled);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a lot waits to be encoded. */
  boolean isBehind() {
    lock.lock();
    try {
      return !ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether what comes now will have to wait. */
  boolean isLong() {
    lock.lock();
    try {
      return ready.size() > config.numConsumers();
    } finally {
      lock.unlock();
    }
  }

  /** What it holds, counted by the configured sizer. */
  long size() {
    lock.lock();
    try {
      return size + sizeOnDisk();
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of the batches that are not encoded yet. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(B batch) {
    // A batch larger than the whole queue goes when it is alone; refused it would come for ever.
    long taken = size + sizeOnDisk();
    boolean sizeFits = taken == 0 || taken + charge(batch) <= config.queueSize();
    return sizeFits && (spool != null || fitsInMemory(batch));
  }

  private boolean fitsInMemory(B batch) {
    return bytes == 0 || bytes + sizeInMemory(batch) <= maxBytes;
  }

  private static long sizeInMemory(Batch batch) {
    var client = batch.client();
    return batch.sizeBytes() + (client == null ? 0 : client.sizeBytes());
  }

  private boolean isSettled() {
    return unsettled.isEmpty() && !isMoreToCome();
  }

  /** Whether something is on disk only, or may be in a moment: it is acknowledged before. */
  private boolean isMoreToCome() {
    return writing > 0 || hasMoreOnDisk();
  }

  /** What is on disk only, counted by the configured sizer. */
  private long sizeOnDisk() {
    var disk = spool;
    if (disk == null) return 0;
    long unread = sizeOf(disk.unread());
    // What is just being read is neither here nor there.
    return loading ? Math.max(unread, sizeBeforeLoading) : unread;
  }

  private long sizeOf(Spool.Unread unread) {
    return switch (config.sizer()) {
      case ITEMS -> unread.items();
      case BYTES -> unread.bytes();
      case REQUESTS -> {
        if (!policy.countsAsOne() || policy.minSize() == 0) yield unread.records();
        // How they will be put together is not known yet.
        yield Math.min(unread.records(), Math.ceilDiv(unread.items(), policy.minSize()));
      }
    };
  }

  private boolean hasMoreOnDisk() {
    var disk = spool;
    return loading || (disk != null && !leaving && disk.unread().records() > 0);
  }

  private boolean mayLoad() {
    return spool != null && !loading && hasMoreOnDisk() && (bytes == 0 || bytes < maxBytes);
  }

  private void stopLoading() {
    leaving = true;
    work.signalAll();
    settled.signalAll();
  }

  /** Reads the next batch from the disk, and adds it as if it came just now. */
  private void load(Spool disk) {
    Spool.Entry entry = null;
    B batch = null;
    try {
      entry = disk.read();
      if (entry != null) batch = batch(entry, disk);
    } finally {
      loaded(entry, batch);
    }
  }

  private void loaded(Spool.@Nullable Entry entry, @Nullable B batch) {
    lock.lock();
    try {
      loading = false;
      if (entry != null && batch != null) {
        policy.apart().reduce(batch);
        if (leaving) left += entry.items();
        else add(batch, entry.position());
      }
      space.signalAll();
      if (closed) {
        work.signalAll();
        settled.signalAll();
      } else {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Null when the entry is lost, which is said. */
  // All batches of one queue are of its signal.
  @SuppressWarnings("unchecked")
  private @Nullable B batch(Spool.Entry entry, Spool disk) {
    String why = "damaged on disk";
    if (!entry.content().isEmpty()) {
      try {
        return (B) OtlpBytes.batch(signal, entry.content().getFirst());
      } catch (MalformedBatchException e) {
        why = "not OTLP as it is on disk: " + e.getMessage();
      }
    }
    accounts.damaged(entry.items(), why);
    disk.settle(List.of(entry.position()));
    return null;
  }

  private long charge(B batch) {
    return isPartOfRequest(batch) ? 0 : config.sizer().sizeOf(batch);
  }

  private boolean isPartOfRequest(B batch) {
    if (!policy.countsAsOne() || config.sizer() != Sizer.REQUESTS) return false;
    var apart = batch.client();
    if (apart != null) return fillingApart.containsKey(apart);
    return filling != null || (inRequest > 0 && inRequest < policy.minSize());
  }

  private String fullness() {
    return spool != null || (size > 0 && size + 1 > config.queueSize())
        ? "sending queue is full (queue_size " + config.queueSize() + ")"
        : "sending queue is full (" + bytes + " of at most " + maxBytes + " bytes)";
  }

  private void add(B batch, Spool.@Nullable Position position) {
    var lot = put(batch, position);
    if (isFull(lot)) leaves(lot);
  }

  private Lot<B> put(B batch, Spool.@Nullable Position position) {
    long charged = charge(batch);
    var apart = batch.client();
    if (apart == null) {
      inRequest = isPartOfRequest(batch) ? inRequest + batch.items() : batch.items();
    }
    size += charged;
    long held = sizeInMemory(batch);
    bytes += held;
    var lot = apart == null ? filling : fillingApart.get(apart);
    if (lot == null) lot = begin(apart);
    lot.add(batch, charged, held, position);
    return lot;
  }

  private boolean isFull(Lot<B> lot) {
    return policy.isFull(lot.items(), lot.bytes(), itemsPerRequest);
  }

  private void leaves(Lot<B> lot) {
    seal(lot);
    work.signal();
  }

  private Lot<B> begin(@Nullable ClientMetadata apart) {
    long flushAt = clock.nanoTime() + policy.flushAfter().toNanos();
    var lot = new Lot<B>(apart, flushAt, config.waitForResult());
    if (apart == null) {
      filling = lot;
    } else {
      // Of whatever clients make up, no more than this is kept waiting.
      if (fillingApart.size() >= policy.maxApart()) {
        leaves(fillingApart.firstEntry().getValue());
      }
      fillingApart.put(apart, lot);
    }
    unsettled.add(lot);
    // Who times an older lot will find this one after it: all wait equally long.
    if (!someoneTimes) work.signal();
    return lot;
  }

  private void seal(Lot<B> lot) {
    ready.add(lot);
    noLongerFilling(lot);
  }

  private void noLongerFilling(Lot<B> lot) {
    if (lot.apart() == null) filling = null;
    else fillingApart.remove(lot.apart());
  }

  /** Of the lots that are being filled, the one that leaves first; null if there is none. */
  private @Nullable Lot<B> nextDue() {
    if (fillingApart.isEmpty()) return filling;
    // All wait equally long, so the first one of those that are kept apart is the oldest of them.
    var first = fillingApart.firstEntry().getValue();
    return filling != null && filling.flushAt() - first.flushAt() <= 0 ? filling : first;
  }

  private void awaitFlush(Lot<B> lot) throws InterruptedException {
    someoneTimes = true;
    try {
      // What to do is decided by looking again, whatever woke us.
      boolean _ = clock.awaitUntil(lock, work, lot.flushAt());
    } finally {
      someoneTimes = false;
    }
  }
}
