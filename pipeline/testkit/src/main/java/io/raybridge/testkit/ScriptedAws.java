package io.raybridge.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An AWS on a real socket of this machine that takes X-Ray's and CloudWatch's writes, remembers
 * them, and misbehaves as a test tells it. Answers are given in the order they were scripted, then
 * the standing one.
 */
public final class ScriptedAws implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)");
  private static final long PROMPT = Duration.ofSeconds(1).toNanos();
  private static final byte[] HEADER_END = AwsCall.utf8("\r\n\r\n");

  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<AwsAnswer> script = new ConcurrentLinkedQueue<>();
  private final List<AwsCall> calls = new ArrayList<>();
  private final List<String> documents = new ArrayList<>();
  private final Object news = new Object();
  private final Map<String, Integer> unsaid = new HashMap<>();
  private final String scheme;
  private boolean dark;
  private volatile boolean keepsCalls = true;
  private volatile AwsAnswer standing = AwsAnswer.ok();
  private volatile @Nullable TokenBucket limit;

  /** Listens from now on. */
  public ScriptedAws() {
    this(0);
  }

  /** Listens on this port from now on. */
  public ScriptedAws(int port) {
    this("http", port, ServerSocketFactory.getDefault());
  }

  private ScriptedAws(String scheme, int port, ServerSocketFactory sockets) {
    this.scheme = scheme;
    try {
      server = sockets.createServerSocket(port, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("scripted-aws").start(this::accept);
  }

  /** Speaks TLS with a certificate of its own making, for {@code localhost}, that nobody trusts. */
  public static ScriptedAws untrusted(Path folder) {
    var sockets = SelfSigned.of(folder, "localhost").context().getServerSocketFactory();
    return new ScriptedAws("https", 0, sockets);
  }

  /** What to give as {@code endpoint}. */
  public URI url() {
    String host = scheme.equals("http") ? "127.0.0.1" : "localhost";
    return URI.create(scheme + "://" + host + ":" + server.getLocalPort());
  }

  /** Answers the next requests like this, each once. */
  public ScriptedAws then(AwsAnswer... answers) {
    script.addAll(List.of(answers));
    return this;
  }

  /** Answers the next requests like this, so many times. */
  public ScriptedAws times(int count, AwsAnswer answer) {
    for (int i = 0; i < count; i++) script.add(answer);
    return this;
  }

  /** Answers like this once the script is through. */
  public ScriptedAws always(AwsAnswer answer) {
    standing = answer;
    return this;
  }

  /** Takes at most so many requests a second, and answers 429 ThrottledException to the others. */
  public ScriptedAws limit(int requestsPerSecond) {
    limit = new TokenBucket(requestsPerSecond);
    return this;
  }

  /**
   * From now on nothing is answered and no connection taken, as when a region is gone; what comes
   * meanwhile is lost.
   */
  public ScriptedAws blackHole() {
    return dark(true);
  }

  /** Ends {@link #blackHole}: who still waits sees its connection reset. */
  public ScriptedAws light() {
    return dark(false);
  }

  private ScriptedAws dark(boolean on) {
    synchronized (news) {
      dark = on;
      news.notifyAll();
    }
    return this;
  }

  /** Waits for light; false when it was light all the time. */
  private boolean awaitLight() throws InterruptedException {
    synchronized (news) {
      if (!dark) return false;
      while (dark) news.wait();
      return true;
    }
  }

  /** Remembers no requests from now on, for runs with more of them than memory has room for. */
  public ScriptedAws withoutCalls() {
    keepsCalls = false;
    return this;
  }

  /** All requests so far, refused ones too. */
  public List<AwsCall> calls() {
    synchronized (news) {
      return List.copyOf(calls);
    }
  }

  /** The requests so far of one operation. */
  public List<AwsCall> calls(String operation) {
    return calls().stream().filter(call -> call.operation().equals(operation)).toList();
  }

  /** The documents it has taken, each as often as it was sent. */
  public List<String> documents() {
    synchronized (news) {
      return List.copyOf(documents);
    }
  }

  /** How many documents it has taken. */
  public int documentCount() {
    synchronized (news) {
      return documents.size();
    }
  }

  /** The ids of the documents it has taken. */
  public List<String> documentIds() {
    return documents().stream().map(AwsCall::idOf).toList();
  }

  /**
   * How often the document of this id was taken without its sender being told so at once: so often
   * it may come again.
   */
  public int unsaid(String documentId) {
    synchronized (news) {
      return unsaid.getOrDefault(documentId, 0);
    }
  }

  /** Connections that were opened to it so far. */
  public int connections() {
    return connections.get();
  }

  /** Waits until something holds of this AWS. */
  public ScriptedAws await(Predicate<ScriptedAws> condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    synchronized (news) {
      while (!condition.test(this)) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(
              "waited 60 s; "
                  + calls.size()
                  + " calls and "
                  + documents.size()
                  + " documents have come");
        }
        news.wait(left);
      }
    }
    return this;
  }

  /** Waits until it has taken so many documents. */
  public ScriptedAws awaitDocuments(int count) throws InterruptedException {
    return await(aws -> aws.documents.size() >= count);
  }

  /** Waits until so many requests have come. */
  public ScriptedAws awaitCalls(int count) throws InterruptedException {
    return await(aws -> aws.calls.size() >= count);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var socket : sockets) socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (true) {
      try {
        var socket = server.accept();
        if (awaitLight()) {
          socket.close();
          continue;
        }
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().name("scripted-aws-connection").start(() -> serve(socket));
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      var wire = new Wire(socket, in, socket.getOutputStream());
      for (var call = read(in); call != null; call = read(in)) {
        answer(call, wire);
        if (socket.isClosed()) return;
      }
    } catch (IOException e) {
      // the client went away, or the test is over
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
    }
  }

  private void answer(AwsCall call, Wire wire) throws IOException, InterruptedException {
    var bucket = limit;
    var answer =
        bucket != null && !bucket.take()
            ? AwsAnswer.error(429, "ThrottledException")
            : script.poll();
    synchronized (news) {
      if (keepsCalls) calls.add(call);
      news.notifyAll();
    }
    if (awaitLight()) wire.reset();
    else (answer == null ? standing : answer).give(call, wire);
  }

  private static @Nullable AwsCall read(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < HEADER_END.length) {
      int b = in.read();
      if (b < 0) return null;
      head.write(b);
      matched = b == HEADER_END[matched] ? matched + 1 : b == HEADER_END[0] ? 1 : 0;
    }
    var lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1);
    var first = lines[0].split(" ", 3);
    var headers = new HashMap<String, String>();
    int length = 0;
    for (int i = 1; i < lines.length - 2; i++) {
      var matcher = LENGTH.matcher(lines[i].toLowerCase(Locale.ROOT));
      if (matcher.matches()) length = Integer.parseInt(matcher.group(1));
      int colon = lines[i].indexOf(':');
      var name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      headers.put(name, lines[i].substring(colon + 1).strip());
    }
    var body = in.readNBytes(length);
    return new AwsCall(first[0], first[1], Map.copyOf(headers), body, System.nanoTime());
  }

  /** A request's connection, in the hands of an {@link AwsAnswer}. */
  public final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Wire(Socket socket, InputStream in, OutputStream out) {
      this.socket = socket;
      this.in = in;
      this.out = out;
    }

    /**
     * Takes what a request brings and says so.
     *
     * @param refusal the code with which a document stays unprocessed; empty for one that is taken
     */
    public void accept(AwsCall call, Function<String, String> refusal) throws IOException {
      var sorted = sort(call, refusal);
      var body =
          call.operation().equals("PutTraceSegments")
              ? "{\"UnprocessedTraceSegments\":[" + String.join(",", sorted.refused()) + "]}"
              : "{}";
      send(200, "Content-Type: application/json\r\n", body);
      // Who had to wait may have gone meanwhile.
      if (System.nanoTime() - call.nanoTime() < PROMPT) said(sorted.taken());
    }

    private void said(List<String> taken) {
      synchronized (news) {
        for (var document : taken) {
          unsaid.computeIfPresent(
              AwsCall.idOf(document), (_, times) -> times > 1 ? times - 1 : null);
        }
      }
    }

    /** Takes what a request brings without saying so; returns what it would say of the others. */
    public Collection<String> record(AwsCall call, Function<String, String> refusal) {
      return sort(call, refusal).refused();
    }

    private record Sorted(List<String> taken, List<String> refused) {}

    private Sorted sort(AwsCall call, Function<String, String> refusal) {
      var refused = new ArrayList<String>();
      var taken = new ArrayList<String>();
      if (!call.operation().equals("PutTraceSegments")) return new Sorted(taken, refused);
      for (var document : call.documents()) {
        var code = refusal.apply(document);
        if (code.isEmpty()) taken.add(document);
        else refused.add(unprocessed(AwsCall.idOf(document), code));
      }
      synchronized (news) {
        documents.addAll(taken);
        for (var document : taken) unsaid.merge(AwsCall.idOf(document), 1, Integer::sum);
        news.notifyAll();
      }
      return new Sorted(taken, refused);
    }

    /** Answers with a status, more headers (each ending in a line break) and a body. */
    public void send(int status, String headers, String body) throws IOException {
      var bytes = AwsCall.utf8(body);
      raw(
          "HTTP/1.1 "
              + status
              + " Scripted\r\nx-amzn-RequestId: 00000000-0000-0000-0000-000000000000\r\n"
              + headers
              + "Content-Length: "
              + bytes.length
              + "\r\n\r\n"
              + body);
    }

    /** Sends these characters and nothing else. */
    public void raw(String text) throws IOException {
      out.write(AwsCall.utf8(text));
      out.flush();
    }

    /** Ends the connection in order. */
    public void end() throws IOException {
      socket.close();
    }

    /** Ends the connection as a crash would. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Waits for the client to give up. */
    public void untilClientLeaves() throws IOException {
      while (in.read() >= 0) {
        // what it still sends does not matter
      }
      socket.close();
    }

    private static String unprocessed(String id, String code) {
      return "{\"Id\":\""
          + id
          + "\",\"ErrorCode\":\""
          + code
          + "\",\"Message\":\"Invalid segment. ErrorCode: "
          + code
          + "\"}";
    }
  }

  /** Lets through as many a second as it is filled with, and a tenth of that at once. */
  private static final class TokenBucket {
    private final double perNano;
    private final double most;
    private double tokens;
    private long last = System.nanoTime();

    TokenBucket(int perSecond) {
      perNano = perSecond / 1e9;
      most = Math.max(1, perSecond / 10.0);
      tokens = most;
    }

    synchronized boolean take() {
      long now = System.nanoTime();
      tokens = Math.min(most, tokens + (now - last) * perNano);
      last = now;
      if (tokens < 1) return false;
      tokens--;
      return true;
    }
  }
}
