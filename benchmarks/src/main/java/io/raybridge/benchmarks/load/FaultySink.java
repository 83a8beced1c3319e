package io.raybridge.benchmarks.load;

import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * An X-Ray that misbehaves by one of several scripts, the same for every collector, and counts what
 * arrives: {@code GET /stats}.
 *
 * <p>Arguments: port, name of the script.
 */
public final class FaultySink {
  private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
  private final List<Long> callTimes = new ArrayList<>();
  private final List<Long> takenTimes = new ArrayList<>();
  private long digest;
  private final ScriptedAws aws;
  private final AwsAnswer script;

  private FaultySink(int port, String script) {
    this.script = script(script);
    aws = new ScriptedAws(port).withoutCalls().always(this::answer);
  }

  public static void main(String[] args) throws InterruptedException {
    var _ = new FaultySink(Integer.parseInt(args[0]), args[1]);
    new CountDownLatch(1).await();
  }

  private AwsAnswer script(String name) {
    var throttled = AwsAnswer.error(429, "ThrottledException");
    var failed = AwsAnswer.error(500, "InternalFailure");
    var ok = AwsAnswer.ok();
    return switch (name) {
      case "throttled-30s" -> AwsAnswer.during(Duration.ofSeconds(30), throttled, ok);
      case "failing-30s" -> AwsAnswer.during(Duration.ofSeconds(30), failed, ok);
      case "hanging-60s" -> AwsAnswer.during(Duration.ofSeconds(60), AwsAnswer.hang(), ok);
      case "hanging-10s" -> AwsAnswer.during(Duration.ofSeconds(10), AwsAnswer.hang(), ok);
      case "third-throttled" -> AwsAnswer.every(3, throttled, ok);
      case "third-failing" -> AwsAnswer.every(3, failed, ok);
      case "third-reset" -> AwsAnswer.every(3, AwsAnswer.reset(), ok);
      case "slow" -> AwsAnswer.after(Duration.ofMillis(200), ok);
      case "some-unprocessed" ->
          AwsAnswer.unprocessed(
              "ThrottledException", doc -> isHundredth(doc) && refusedOnce.add(AwsCall.idOf(doc)));
      case "some-invalid" -> AwsAnswer.unprocessed("InvalidSegment", FaultySink::isHundredth);
      case "poisoned" ->
          AwsAnswer.poisoned(
              "InvalidRequestException",
              doc -> isHundredth(doc) && AwsCall.idOf(doc).hashCode() % 20 == 0);
      case "throttled-for-ever" -> throttled;
      case "limited" -> new Limit(20, throttled, ok);
      case "slow-20ms" -> AwsAnswer.after(Duration.ofMillis(20), ok);
      case "absent-10s", "well" -> ok;
      default -> throw new IllegalArgumentException(name + " (expected: a script of run-faults)");
    };
  }

  private void answer(AwsCall call, ScriptedAws.Wire wire)
      throws IOException, InterruptedException {
    if (call.path().equals("/stats")) {
      wire.send(200, "Content-Type: application/json\r\n", stats());
      return;
    }
    if (!call.operation().equals("PutTraceSegments")) {
      wire.send(200, "", "{}");
      return;
    }
    long second = System.nanoTime() / 1_000_000_000;
    long sum = 0;
    for (var document : call.documents()) sum += digest(document);
    synchronized (this) {
      digest += sum;
      callTimes.add(second);
    }
    int before = aws.documentCount();
    script.give(call, wire);
    // Exact with one call at a time, near enough with more: it is for the rate only.
    int taken = aws.documentCount() - before;
    synchronized (this) {
      for (int i = 0; i < taken; i++) takenTimes.add(second);
    }
  }

  private synchronized String stats() {
    var ids = aws.documentIds();
    return "{\"documents\":%d,\"distinct\":%d,\"calls\":%d,\"digest\":\"%016x\",\"calls_per_s\":%s,\"documents_per_s\":%s}"
        .formatted(
            ids.size(),
            new HashSet<>(ids).size(),
            callTimes.size(),
            digest,
            perSecond(callTimes),
            perSecond(takenTimes));
  }

  /** Of a document's every character; their sum is the same in whatever order they come. */
  private static long digest(String document) {
    long hash = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < document.length(); i++) {
      hash = (hash ^ document.charAt(i)) * 0x100_0000_01b3L;
    }
    return hash;
  }

  private List<Integer> perSecond(List<Long> times) {
    var counts = new ArrayList<Integer>();
    if (callTimes.isEmpty()) return counts;
    long first = callTimes.getFirst();
    for (long time : times) {
      while (counts.size() <= time - first) counts.add(0);
      counts.set((int) (time - first), counts.get((int) (time - first)) + 1);
    }
    return counts;
  }

  /** Chosen by the id, which every collector sends as it came. */
  private static boolean isHundredth(String document) {
    return Long.remainderUnsigned(Long.parseUnsignedLong(AwsCall.idOf(document), 16), 100) == 0;
  }

  /** So many calls a second are taken, a tenth of that at once; the others are throttled. */
  private static final class Limit implements AwsAnswer {
    private final double perNano;
    private final double most;
    private final AwsAnswer beyond;
    private final AwsAnswer within;
    private double tokens;
    private long last = System.nanoTime();

    Limit(int perSecond, AwsAnswer beyond, AwsAnswer within) {
      this.perNano = perSecond / 1e9;
      this.most = Math.max(1, perSecond / 10.0);
      this.beyond = beyond;
      this.within = within;
    }

    @Override
    public void give(AwsCall call, ScriptedAws.Wire wire) throws IOException, InterruptedException {
      (take() ? within : beyond).give(call, wire);
    }

    private synchronized boolean take() {
      long now = System.nanoTime();
      tokens = Math.min(most, tokens + (now - last) * perNano);
      last = now;
      if (tokens < 1) return false;
      tokens--;
      return true;
    }
  }
}
