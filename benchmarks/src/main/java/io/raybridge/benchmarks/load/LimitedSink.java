package io.raybridge.benchmarks.load;

import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * An X-Ray that takes so many calls a second and throttles the others, for runs of many minutes: of
 * what it takes it keeps the ids only. {@code GET /limit/N} changes the limit, 0 takes everything;
 * {@code GET /stats} counts.
 *
 * <p>Arguments: port, calls a second.
 */
public final class LimitedSink {
  private static final AwsAnswer THROTTLED = AwsAnswer.error(429, "ThrottledException");

  private long[] ids = new long[1 << 20];
  private int distinct;
  private long documents;
  private long calls;
  private long throttled;
  private int limit;
  private double tokens;
  private long last = System.nanoTime();

  private LimitedSink(int limit) {
    this.limit = limit;
  }

  public static void main(String[] args) throws InterruptedException {
    var sink = new LimitedSink(Integer.parseInt(args[1]));
    var _ = new ScriptedAws(Integer.parseInt(args[0])).withoutCalls().always(sink::answer);
    new CountDownLatch(1).await();
  }

  private void answer(AwsCall call, ScriptedAws.Wire wire)
      throws IOException, InterruptedException {
    if (call.path().startsWith("/limit/")) {
      limit(Integer.parseInt(call.path().substring("/limit/".length())));
      wire.send(200, "", "{}");
    } else if (call.path().equals("/stats")) {
      wire.send(200, "Content-Type: application/json\r\n", stats());
    } else if (!call.operation().equals("PutTraceSegments")) {
      wire.send(200, "", "{}");
    } else if (!isWithinLimit()) {
      THROTTLED.give(call, wire);
    } else {
      take(call.documents().stream().mapToLong(LimitedSink::id).toArray());
      wire.send(200, "Content-Type: application/json\r\n", "{\"UnprocessedTraceSegments\":[]}");
    }
  }

  private static long id(String document) {
    return Long.parseUnsignedLong(AwsCall.idOf(document), 16);
  }

  private synchronized void limit(int perSecond) {
    limit = perSecond;
    tokens = 0;
  }

  private synchronized boolean isWithinLimit() {
    calls++;
    if (limit == 0) return true;
    long now = System.nanoTime();
    tokens = Math.min(Math.max(1, limit / 10.0), tokens + (now - last) * limit / 1e9);
    last = now;
    if (tokens < 1) {
      throttled++;
      return false;
    }
    tokens--;
    return true;
  }

  private synchronized void take(long[] taken) {
    documents += taken.length;
    for (long id : taken) {
      if (2 * distinct > ids.length) grow();
      if (add(id)) distinct++;
    }
  }

  private boolean add(long id) {
    int mask = ids.length - 1;
    int at = Long.hashCode(id * 0x9e3779b97f4a7c15L) & mask;
    for (; ids[at] != 0; at = (at + 1) & mask) if (ids[at] == id) return false;
    ids[at] = id;
    return true;
  }

  private void grow() {
    var before = ids;
    ids = new long[2 * before.length];
    Arrays.stream(before).filter(id -> id != 0).forEach(this::add);
  }

  private synchronized String stats() {
    return "{\"documents\":%d,\"distinct\":%d,\"calls\":%d,\"throttled\":%d}"
        .formatted(documents, distinct, calls, throttled);
  }
}
