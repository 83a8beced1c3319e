package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import io.raybridge.delivery.Failure;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The table of docs/reliability.md: each row is caused for real, by a socket where it is one that
 * causes it, and the table is written from the rows.
 */
@Timeout(120)
class OutcomeByCauseTest {
  private static final Path PAGE = Path.of("../docs/reliability.md");
  private static final String BEGIN = "<!-- causes -->\n";
  private static final String END = "<!-- /causes -->";

  @TempDir Path folder;

  /** What happens, how to bring it about, and what it must be taken for. */
  enum Cause {
    THROTTLED_429("429", answers(AwsAnswer.plain(429, "", "")), Failure.Kind.THROTTLED, "http_429"),
    THROTTLED_408("408", answers(AwsAnswer.plain(408, "", "")), Failure.Kind.THROTTLED, "http_408"),
    THROTTLED_EXCEPTION(
        "ThrottledException",
        answers(AwsAnswer.error(429, "ThrottledException")),
        Failure.Kind.THROTTLED,
        "ThrottledException"),
    THROTTLING_EXCEPTION(
        "ThrottlingException, with status 400 too",
        answers(AwsAnswer.error(400, "ThrottlingException")),
        Failure.Kind.THROTTLED,
        "ThrottlingException"),
    REQUEST_LIMIT(
        "RequestLimitExceeded",
        answers(AwsAnswer.error(503, "RequestLimitExceeded")),
        Failure.Kind.THROTTLED,
        "RequestLimitExceeded"),
    RETRY_AFTER(
        "503 with Retry-After, which is waited for",
        answers(AwsAnswer.plain(503, "Retry-After: 7\r\n", "")),
        Failure.Kind.THROTTLED,
        "http_503"),
    INTERNAL(
        "500 InternalFailure",
        answers(AwsAnswer.error(500, "InternalFailure")),
        Failure.Kind.UNAVAILABLE,
        "InternalFailure"),
    OTHER_5XX(
        "any other 5xx",
        answers(AwsAnswer.plain(502, "", "")),
        Failure.Kind.UNAVAILABLE,
        "http_502"),
    REFUSED(
        "connection refused", deadPort("endpoint"), Failure.Kind.UNAVAILABLE, "connection_refused"),
    RESET(
        "connection reset",
        answers(AwsAnswer.reset()),
        Failure.Kind.UNAVAILABLE,
        "connection_reset"),
    RESET_IN_BODY(
        "reset in the middle of an answer",
        answers(AwsAnswer.resetInBody()),
        Failure.Kind.UNAVAILABLE,
        "connection_reset"),
    CUT_OFF(
        "an answer shorter than it says",
        answers(AwsAnswer.wrongLength()),
        Failure.Kind.UNAVAILABLE,
        "connection_reset"),
    GARBAGE(
        "an answer that is not HTTP",
        answers(AwsAnswer.garbage()),
        Failure.Kind.UNAVAILABLE,
        "malformed_response"),
    HANG("time-out", answers(AwsAnswer.hang()), Failure.Kind.UNAVAILABLE, "timeout"),
    BLACK_HOLE(
        "a region that answers nothing at all",
        (test, keys) -> keys.put("endpoint", test.aws.blackHole().url().toString()),
        Failure.Kind.UNAVAILABLE,
        "timeout"),
    DNS(
        "a name that DNS does not know",
        (_, keys) -> keys.put("endpoint", "http://no-such-host.invalid"),
        Failure.Kind.UNAVAILABLE,
        "dns"),
    TLS(
        "TLS failure, such as an untrusted certificate",
        (test, keys) -> {
          test.tls = ScriptedAws.untrusted(test.folder);
          keys.put("endpoint", test.tls.url().toString());
        },
        Failure.Kind.UNAVAILABLE,
        "tls"),
    PROXY(
        "a proxy that is not there",
        (test, keys) -> {
          deadPort("proxy_address").apply(test, keys);
          keys.put("endpoint", "http://xray.example.com");
        },
        Failure.Kind.UNAVAILABLE,
        "connection_refused"),
    EXPIRED(
        "expired credentials",
        answers(AwsAnswer.error(403, "ExpiredTokenException")),
        Failure.Kind.CREDENTIALS,
        "ExpiredTokenException"),
    MISSING(
        "no credentials",
        (test, keys) -> {
          keys.put("endpoint", "http://xray.example.com");
          keys.put("profile", "none");
          keys.put("local_mode", "true");
          test.signs = false;
        },
        Failure.Kind.CREDENTIALS,
        "credentials_unavailable"),
    WRONG_KEY(
        "a key that AWS does not know",
        answers(AwsAnswer.error(403, "UnrecognizedClientException")),
        Failure.Kind.CREDENTIALS,
        "UnrecognizedClientException"),
    SKEW(
        "a clock that is off",
        answers(AwsAnswer.error(403, "RequestTimeTooSkewed")),
        Failure.Kind.CREDENTIALS,
        "RequestTimeTooSkewed"),
    DENIED(
        "403 AccessDeniedException",
        answers(AwsAnswer.error(403, "AccessDeniedException")),
        Failure.Kind.CREDENTIALS,
        "AccessDeniedException"),
    FORBIDDEN(
        "any other 401, 403, 407",
        answers(AwsAnswer.plain(403, "", "")),
        Failure.Kind.CREDENTIALS,
        "http_403"),
    NOT_AWS(
        "an answer that is not AWS's: 3xx, 404 without a code",
        answers(AwsAnswer.plain(302, "Location: /login\r\n", "")),
        Failure.Kind.CREDENTIALS,
        "http_302"),
    VALIDATION(
        "400 InvalidRequestException, ValidationException and their like",
        answers(AwsAnswer.error(400, "InvalidRequestException")),
        Failure.Kind.FINAL,
        "InvalidRequestException"),
    OTHER_4XX(
        "any other 4xx", answers(AwsAnswer.plain(413, "", "")), Failure.Kind.FINAL, "http_413");

    private final String words;
    private final Setting setting;
    private final Failure.Kind kind;
    private final String code;

    Cause(String words, Setting setting, Failure.Kind kind, String code) {
      this.words = words;
      this.setting = setting;
      this.kind = kind;
      this.code = code;
    }

    private static Setting answers(AwsAnswer answer) {
      return (test, keys) -> keys.put("endpoint", test.aws.always(answer).url().toString());
    }

    /** Bound and not listening: nobody else can take the port meanwhile. */
    private static Setting deadPort(String key) {
      return (test, keys) -> {
        test.dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        keys.put(key, "http://127.0.0.1:" + test.dead.getLocalPort());
      };
    }

    private String row() {
      return "| " + words + " | `" + code + "` | " + done(kind) + " |\n";
    }

    private static String done(Failure.Kind kind) {
      return switch (kind) {
        case THROTTLED -> "again, and slower";
        case UNAVAILABLE -> "again";
        case CREDENTIALS -> "again, slowly, its cause named";
        case FINAL -> "not again: to the dead letters";
      };
    }
  }

  /** Makes a cause ready. */
  private interface Setting {
    void apply(OutcomeByCauseTest test, Map<String, String> keys) throws Exception;
  }

  private final ScriptedAws aws = new ScriptedAws();
  private final Socket dead = new Socket();
  private ScriptedAws tls;
  private boolean signs = true;

  @ParameterizedTest
  @EnumSource
  void cause_hasItsOutcome(Cause cause) throws Exception {
    var keys = new HashMap<>(Map.of("region", "eu-west-1", "request_timeout_seconds", "2"));
    if (cause == Cause.DNS) keys.put("request_timeout_seconds", "60");
    cause.setting.apply(this, keys);
    var environment =
        signs
            ? Sessions.environment("AWS_ACCESS_KEY_ID", "AKIATEST", "AWS_SECRET_ACCESS_KEY", "s")
            : Sessions.environment();
    var context = TestContext.of(Kind.EXPORTER, "awsxray").context();
    try (aws;
        dead;
        var client = new AwsClient(AwsService.XRAY, Sessions.of(keys), context, environment)) {
      client.prepare();
      var body = List.of(Slice.of("{}".getBytes(StandardCharsets.US_ASCII)));

      var reply = client.post("/TraceSegments", new Headers(), body);

      assertThat(reply).isInstanceOf(AwsReply.Failed.class);
      var failure = ((AwsReply.Failed) reply).failure();
      assertThat(failure.kind()).as(failure.message()).isEqualTo(cause.kind);
      assertThat(failure.code()).isEqualTo(cause.code);
      assertThat(failure.message()).isNotBlank();
    } finally {
      if (tls != null) tls.close();
    }
  }

  @Test
  void table_isWrittenFromTheRows() throws Exception {
    var table = new StringBuilder("| what happens | code | what is done |\n|---|---|---|\n");
    for (var cause : Cause.values()) table.append(cause.row());
    table.append("\nAll codes by what is done: ");
    for (var kind : Failure.Kind.values()) {
      var codes = new TreeSet<String>();
      for (var row : AwsErrors.CODES) if (row.kind() == kind) codes.addAll(row.codes());
      if (codes.isEmpty()) continue;
      table.append(Cause.done(kind)).append(": `").append(String.join("`, `", codes)).append("`; ");
    }
    table.append("every other code of a 4xx is final.\n");
    var text = Files.readString(PAGE);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, text.substring(0, from) + table + text.substring(to));
      return;
    }

    assertThat(text.substring(from, to))
        .as("the table of causes in %s; -Ddocs.write=true writes it", PAGE)
        .isEqualTo(table.toString());
  }
}
