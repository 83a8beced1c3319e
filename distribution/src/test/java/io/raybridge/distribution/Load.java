package io.raybridge.distribution;

import io.raybridge.testkit.Numbered;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that send numbered spans over OTLP/HTTP until they are stopped, and keep the answers. */
final class Load implements AutoCloseable {
  private static final int SPANS = 10;
  private static final Pattern NUMBER = Pattern.compile("\"test\\.item\":(\\d+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
  private final List<Integer> refusals = new CopyOnWriteArrayList<>();
  private final List<String> unanswered = new CopyOnWriteArrayList<>();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean enough;

  /** Begins to send with so many clients, each as soon as it has its answer. */
  static Load start(int port, int clients) {
    var load = new Load();
    var uri = URI.create("http://127.0.0.1:" + port + "/v1/traces");
    for (int i = 0; i < clients; i++) {
      load.clients.add(Thread.ofVirtual().start(() -> load.run(uri)));
    }
    return load;
  }

  private void run(URI uri) {
    while (!enough) {
      long first = numbers.getAndAdd(SPANS);
      var body = BodyPublishers.ofByteArray(Numbered.traces(first, SPANS).toOtlp());
      var request =
          HttpRequest.newBuilder(uri).header("Content-Type", "application/x-protobuf").POST(body);
      try {
        int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
        if (status == 200) {
          for (long n = first; n < first + SPANS; n++) acknowledged.add(n);
        } else {
          refusals.add(status);
        }
        requests.incrementAndGet();
      } catch (Exception e) {
        unanswered.add(e.toString());
        return;
      }
    }
  }

  /** Waits until so many more requests have been answered. */
  void awaitAnswers(int more) throws InterruptedException {
    long goal = requests.get() + more;
    while (requests.get() < goal) {
      if (clients.stream().noneMatch(Thread::isAlive)) {
        throw new AssertionError("nobody sends any more: " + unanswered);
      }
      clients.getFirst().join(1);
    }
  }

  /** Ends with the answers that are still to come. */
  void stop() throws InterruptedException {
    enough = true;
    awaitEnd();
  }

  /** Waits until no client gets an answer any more. */
  void awaitEnd() throws InterruptedException {
    for (var client : clients) client.join();
  }

  /** The numbers of the spans that were acknowledged. */
  Set<Long> acknowledged() {
    return acknowledged;
  }

  /** The statuses other than 200. */
  List<Integer> refusals() {
    return refusals;
  }

  /** Why requests had no answer. */
  List<String> unanswered() {
    return unanswered;
  }

  /** The numbers in segment documents, each once. */
  static Set<Long> numbers(List<String> documents) {
    var found = new TreeSet<Long>();
    for (var document : documents) {
      Matcher number = NUMBER.matcher(document);
      if (!number.find()) throw new AssertionError("no number in " + document);
      found.add(Long.parseLong(number.group(1)));
    }
    return found;
  }

  @Override
  public void close() throws InterruptedException {
    stop();
    http.close();
  }
}
