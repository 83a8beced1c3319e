package io.raybridge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.data.ClientMetadata;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.GrpcClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Server and client together, and a client that does everything wrong. */
class GrpcServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private final TestContext context = TestContext.of(Kind.RECEIVER, "test");
  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private GrpcServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void message_arrivesWholeAndAnswerComesBack(String compression) throws Exception {
    start("{}", this::echo);
    byte[] large = new byte[200_000];
    large[77] = 7;

    var answer = call("compression: " + compression + "\n", List.of(large, new byte[] {1, 2}));

    assertThat(((Answer.Message) answer).bytes()).isEqualTo("200002".getBytes(UTF_8));
    assertThat(received.getFirst()).hasSize(200_002).startsWith(0, 0).endsWith(1, 2);
    assertThat(received.getFirst()[77]).isEqualTo((byte) 7);
    await(() -> budget.used() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "now, none, 10, event loop",
    "later, none, 10, virtual",
    "now, gzip, 10, virtual",
    "now, none, 300000, virtual"
  })
  void answerIsMadeOnTheEventLoop_onlyAtOnce(
      String when, String compression, int size, String thread) throws Exception {
    var method =
        new GrpcMethod() {
          @Override
          public Reply call(byte[] message, Caller caller) {
            boolean virtual = Thread.currentThread().isVirtual();
            return new Message((virtual ? "virtual" : "event loop").getBytes(UTF_8));
          }

          @Override
          public Step begin(byte[] message, Caller caller) {
            return when.equals("now") ? call(message, caller) : (Rest) () -> call(message, caller);
          }

          @Override
          public Failure overloaded(String message) {
            return new Failure(8, message, null);
          }
        };
    server = serve("localhost:0", "{}", method);

    var answer = call("compression: " + compression + "\n", List.of(new byte[size]));

    assertThat(((Answer.Message) answer).bytes()).asString(UTF_8).isEqualTo(thread);
    await(() -> budget.used() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void metadataOfACall_isThereForWhoeverAsks(String compression) throws Exception {
    var seen = new LinkedBlockingQueue<ClientMetadata>();
    var method =
        new GrpcMethod() {
          @Override
          public Reply call(byte[] message, Caller caller) {
            seen.add(caller.metadata());
            return new Message(new byte[0]);
          }

          @Override
          public Failure overloaded(String message) {
            return new Failure(8, message, null);
          }
        };
    server = serve("localhost:0", "{}", method);

    call(
        "compression: " + compression + "\nheaders: {X-Tenant: shop, empty: ''}\n",
        List.of(new byte[10]));

    var metadata = seen.remove();
    assertThat(metadata.get("x-tenant")).containsExactly("shop");
    assertThat(metadata.get("empty")).containsExactly("");
    assertThat(metadata.get("content-type")).containsExactly("application/grpc");
    assertThat(metadata.get("host")).containsExactly("localhost:" + server.port());
    assertThat(metadata.get("other")).isEmpty();
  }

  @Test
  void bugOnTheEventLoop_getsInternal() throws Exception {
    var method =
        new GrpcMethod() {
          @Override
          public Reply call(byte[] message, Caller caller) {
            throw new IllegalStateException("secret detail");
          }

          @Override
          public Step begin(byte[] message, Caller caller) {
            return call(message, caller);
          }

          @Override
          public Failure overloaded(String message) {
            return new Failure(8, message, null);
          }
        };
    server = serve("localhost:0", "{}", method);

    var answer = (Answer.Failure) call("", List.of());

    assertThat(answer.name()).isEqualTo("INTERNAL");
    assertThat(answer.message()).doesNotContain("secret");
    await(() -> budget.used() == 0);
  }

  @Test
  void emptyMessage_arrives() throws Exception {
    start("{}", this::echo);

    assertThat(call("", List.of())).isInstanceOf(Answer.Message.class);
    assertThat(received.getFirst()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void tooLargeMessage_getsResourceExhausted(String compression) throws Exception {
    start("max_recv_msg_size_mib: 1", this::echo);

    var answer = call("compression: " + compression + "\n", List.of(new byte[(1 << 20) + 1]));

    assertThat(((Answer.Failure) answer).name()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(received).isEmpty();
    await(() -> budget.used() == 0);
  }

  @Test
  void moreBytesInFlightThanThereIsRoomFor_getsTheMethodsOwnRefusal() throws Exception {
    start("{}", this::echo);
    try (var other = budget.lease()) {
      assertThat(other.grow(1_000_000)).isTrue();

      var plain = (Answer.Failure) call("compression: none\n", List.of(new byte[100_000]));
      var packed = (Answer.Failure) call("compression: gzip\n", List.of(new byte[100_000]));

      assertThat(plain.message()).isEqualTo("overloaded: too many bytes in flight, come again");
      assertThat(packed.message()).isEqualTo(plain.message());
      assertThat(plain.details()).isEqualTo(new byte[] {1, 2, 3});
    }
    assertThat(call("", List.of(new byte[100_000]))).isInstanceOf(Answer.Message.class);
  }

  @Test
  void unknownMethod_getsUnimplemented() throws Exception {
    start("{}", this::echo);
    try (var client = client("")) {
      var answer = client.call("some.Service/Other", List.of(), PATIENCE);

      assertThat(((Answer.Failure) answer).name()).isEqualTo("UNIMPLEMENTED");
    }
  }

  @Test
  void bug_getsInternalAndIsLoggedOnce() throws Exception {
    start(
        "{}",
        _ -> {
          throw new IllegalStateException("secret detail");
        });
    for (int i = 0; i < 3; i++) {
      var answer = (Answer.Failure) call("", List.of());
      assertThat(answer.name()).isEqualTo("INTERNAL");
      assertThat(answer.message()).doesNotContain("secret");
    }
    assertThat(context.log().lines()).filteredOn(line -> line.contains("bug")).hasSize(1);
    await(() -> budget.used() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "snappy"})
  void messageThatIsNotInItsEncoding_isInvalid(String encoding) throws Exception {
    start("{}", this::echo);

    assertThat(raw(encoding, 1, true).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(received).isEmpty();
  }

  @Test
  void unknownEncoding_isUnimplemented() throws Exception {
    start("{}", this::echo);

    assertThat(raw("br", 1, true).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void notExactlyOneMessage_isRefused(int messages) throws Exception {
    start("{}", this::echo);

    assertThat(raw("identity", messages, true).getCode())
        .isIn(Status.Code.INTERNAL, Status.Code.CANCELLED);
    assertThat(received).isEmpty();
    await(() -> budget.used() == 0);
  }

  @Test
  void clientThatGoesAwayHalfWay_leavesNothingBehind() throws Exception {
    start("{}", this::echo);

    raw("identity", 1, false);

    await(() -> budget.used() == 0);
    assertThat(received).isEmpty();
  }

  @Test
  void stop_letsTheCallInFlightFinish() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    start(
        "{}",
        message -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return echo(message);
        });
    var answer = new CompletableFuture<Answer>();
    Thread.startVirtualThread(() -> {
      try {
        answer.complete(call("", List.of()));
      } catch (Exception e) {
        answer.completeExceptionally(e);
      }
    });
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    Thread stopping = Thread.startVirtualThread(this::stop);

    leave.countDown();

    assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(Answer.Message.class);
    assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void mutualTls_letsInOnlyWhomItKnows() throws Exception {
    var ours = new Certificates(folder, "ca");
    ours.issue("server", "localhost");
    ours.issue("client", "client");
    start(
        "tls: {cert_file: %1$s/server.pem, key_file: %1$s/server.key, client_ca_file: %1$s/ca.pem}"
            .formatted(folder),
        this::echo);
    String known =
        "{insecure: false, ca_file: %1$s/ca.pem, cert_file: %1$s/client.pem, key_file: %1$s/client.key}"
            .formatted(folder);
    String unknown = "{insecure: false, ca_file: %s/ca.pem}".formatted(folder);

    assertThat(callWithTls(known)).isInstanceOf(Answer.Message.class);
    assertThat(callWithTls(unknown)).isInstanceOf(Answer.Failure.class);
    assertThat(callWithTls("{insecure: true}")).isInstanceOf(Answer.Failure.class);
    assertThat(callWithTls("{}")).isInstanceOf(Answer.Failure.class);
  }

  @Test
  void serverNameOverride_isTheNameExpected() throws Exception {
    new Certificates(folder, "ca").issue("server", "other.example");
    start(
        "tls: {cert_file: %1$s/server.pem, key_file: %1$s/server.key}".formatted(folder),
        this::echo);
    String ca = "ca_file: %s/ca.pem".formatted(folder);

    assertThat(callWithTls("{" + ca + "}")).isInstanceOf(Answer.Failure.class);
    assertThat(callWithTls("{" + ca + ", server_name_override: other.example}"))
        .isInstanceOf(Answer.Message.class);
  }

  @Test
  void portInUse_namesPortProtocolAndWhatToDo() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      String endpoint = "localhost:" + taken.getLocalPort();

      assertThatThrownBy(() -> open(endpoint, "{}", this::echo))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "grpc endpoint "
                  + endpoint
                  + ": port "
                  + taken.getLocalPort()
                  + " is in use by another process");
    }
  }

  private GrpcMethod.Reply echo(byte[] message) {
    received.add(message);
    return new GrpcMethod.Message(Integer.toString(message.length).getBytes(UTF_8));
  }

  private void start(String yaml, Method method) throws IOException {
    server = open("localhost:0", yaml, method);
  }

  private GrpcServer open(String endpoint, String yaml, Method method) throws IOException {
    var served =
        new GrpcMethod() {
          @Override
          public Reply call(byte[] message, Caller caller) {
            return method.call(message);
          }

          @Override
          public Failure overloaded(String message) {
            return new Failure(8, "overloaded: " + message, new byte[] {1, 2, 3});
          }
        };
    return serve(endpoint, yaml, served);
  }

  private GrpcServer serve(String endpoint, String yaml, GrpcMethod method) throws IOException {
    var config = Binder.bind(GrpcServerConfig.class, yaml).orThrow();
    return GrpcServer.start(
        context.context(), "grpc", endpoint, config, Map.of("some.Service/Do", method), budget);
  }

  private Answer call(String more, List<byte[]> message) throws Exception {
    try (var client = client(more + "tls: {insecure: true}\n")) {
      return client.call("some.Service/Do", message, PATIENCE);
    }
  }

  private Answer callWithTls(String tls) throws Exception {
    try (var client = client("tls: " + tls + "\n")) {
      return client.call("some.Service/Do", List.of(), PATIENCE);
    }
  }

  private GrpcClient client(String yaml) throws IOException {
    String tls = yaml.contains("tls:") ? "" : "tls: {insecure: true}\n";
    return new GrpcClient(
        Binder.bind(
                GrpcClientConfig.class, "endpoint: localhost:" + server.port() + "\n" + tls + yaml)
            .orThrow());
  }

  /** Says to use an encoding and sends bytes that are not in it, so many times. */
  private Status raw(String encoding, int messages, boolean whole) throws Exception {
    var channel =
        NettyChannelBuilder.forAddress("localhost", server.port())
            .usePlaintext()
            .compressorRegistry(registry(encoding))
            .build();
    try {
      var descriptor =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName("some.Service/Do")
              .setRequestMarshaller(Bytes.INSTANCE)
              .setResponseMarshaller(Bytes.INSTANCE)
              .build();
      var options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
      var call = channel.newCall(descriptor, options.withCompression(encoding));
      var status = new CompletableFuture<Status>();
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status closed, Metadata trailers) {
              status.complete(closed);
            }
          },
          new Metadata());
      call.request(1);
      for (int i = 0; i < messages; i++) {
        call.sendMessage("neither packed nor anything".getBytes(UTF_8));
      }
      if (whole) {
        call.halfClose();
      } else {
        call.cancel("gone", null);
      }
      return status.get(30, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
    }
  }

  private static CompressorRegistry registry(String encoding) {
    var registry = CompressorRegistry.newEmptyInstance();
    if (encoding.equals("identity")) {
      registry.register(Codec.Identity.NONE);
      return registry;
    }
    registry.register(
        new Compressor() {
          @Override
          public String getMessageEncoding() {
            return encoding;
          }

          @Override
          public java.io.OutputStream compress(java.io.OutputStream out) {
            return out;
          }
        });
    return registry;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting").isLessThan(end);
      Thread.sleep(1);
    }
  }

  private interface Method {
    GrpcMethod.Reply call(byte[] message);
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
