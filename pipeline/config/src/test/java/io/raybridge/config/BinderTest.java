package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Absent;
import io.raybridge.api.Inline;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;
import io.raybridge.api.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinderTest {
  enum Compression {
    NONE,
    GZIP,
    @Named({"x-snappy-framed", "snappy"})
    SNAPPY
  }

  record Tls(
      @Key(doc = "Whether to speak plainly.", def = "false") boolean insecure,
      @Key(doc = "Certificates.") Optional<Path> caFile) {}

  record Header(
      @Key(doc = "Its value.", mayBeEmpty = true) Optional<String> value,
      @Key(doc = "Whose.") Optional<Secret> password) {}

  record Retry(
      @Key(doc = "Whether to retry.", def = "true") boolean enabled,
      @Key(doc = "The first wait.", def = "5s") Duration initialInterval) {
    Retry {
      if (initialInterval.toSeconds() > 60) {
        throw new Invalid("initial_interval", initialInterval, "at most 60s");
      }
    }
  }

  @Absent(keys = "auth", notYet = "leave it out and use the sidecar")
  @Absent(
      keys = {"read_buffer_size", "write_buffer_size"},
      noEffect = "buffers grow as needed")
  record Client(
      @Key(doc = "Where to send.") String endpoint,
      @Key(doc = "How long to wait.", def = "30s") Duration timeout,
      @Key(doc = "Encoding.", def = "none") Compression compression,
      @Key(doc = "Sent along.") Map<String, Secret> headers,
      @Key(doc = "Parallel senders.", def = "10", min = 1, max = 100) int numConsumers,
      @Key(doc = "Share.", def = "0.5", min = 0, max = 1) double ratio,
      @Key(doc = "Names.", def = "[a, b]") List<String> names,
      @Key(doc = "TLS.") Tls tls,
      @Key(doc = "Also plain.") Optional<Tls> plain,
      @Key(doc = "Anything.") Optional<Object> free,
      @Key(doc = "Not there.", def = "false", notYet = "comes later") boolean localMode,
      @Key(doc = "Nothing.", def = "0", noEffect = "there is no such buffer") long bufferSize,
      @Inline Retry retry) {}

  @Test
  void onlyRequired_givesDefaults() {
    Client client = Binder.bind(Client.class, "endpoint: here:1").orThrow();

    assertThat(client)
        .isEqualTo(
            new Client(
                "here:1",
                Duration.ofSeconds(30),
                Compression.NONE,
                Map.of(),
                10,
                0.5,
                List.of("a", "b"),
                new Tls(false, Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                false,
                0,
                new Retry(true, Duration.ofSeconds(5))));
  }

  @Test
  void everythingGiven_isBound() {
    Binding<Client> binding =
        Binder.bind(
            Client.class,
            """
            endpoint: 12345
            timeout: 1m30.5s
            compression: snappy
            headers: {Authorization: Bearer x, X-Empty: }
            num_consumers: 0x10
            ratio: 1
            names: c,d
            tls: {insecure: true, ca_file: /etc/ca.pem}
            plain:
            free: {a: [1, 2.5, true, "3", x, ~], b: 010}
            local_mode: false
            enabled: false
            initial_interval: 0
            """);

    Client client = binding.orThrow();
    assertThat(client.endpoint()).isEqualTo("12345");
    assertThat(client.timeout()).isEqualTo(Duration.ofMillis(90_500));
    assertThat(client.compression()).isEqualTo(Compression.SNAPPY);
    assertThat(client.headers())
        .containsExactly(
            Map.entry("Authorization", new Secret("Bearer x")),
            Map.entry("X-Empty", new Secret("")));
    assertThat(client.numConsumers()).isEqualTo(16);
    assertThat(client.ratio()).isEqualTo(1);
    assertThat(client.names()).containsExactly("c", "d");
    assertThat(client.tls()).isEqualTo(new Tls(true, Optional.of(Path.of("/etc/ca.pem"))));
    assertThat(client.plain()).contains(new Tls(false, Optional.empty()));
    assertThat(client.free().orElseThrow().toString())
        .isEqualTo("{a=[1, 2.5, true, 3, x, null], b=10}");
    assertThat(client.retry()).isEqualTo(new Retry(false, Duration.ZERO));
    assertThat(binding.warnings()).isEmpty();
  }

  @Test
  void emptyTextWhereAValueMayBeLeftOut_isNone() {
    Binding<Client> binding =
        Binder.bind(
            Client.class,
            """
            endpoint: ''
            tls: {ca_file: ""}
            plain: {ca_file: '${env:CA:-}'}
            """);

    assertThat(binding.orThrow().tls()).isEqualTo(new Tls(false, Optional.empty()));
    assertThat(binding.orThrow().plain()).contains(new Tls(false, Optional.empty()));
    assertThat(binding.orThrow().endpoint()).isEmpty();
    assertThat(binding.warnings()).isEmpty();
  }

  @Test
  void emptyTextThatIsAValue_staysOne() {
    assertThat(Binder.bind(Header.class, "{value: '', password: ''}").orThrow())
        .isEqualTo(new Header(Optional.of(""), Optional.empty()));
    assertThat(Binder.bind(Header.class, "value:").orThrow().value()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "''", "false", "{enabled: false}", "{a: {b: []}}", "${env:X:-}"})
  void keyThatIsNotThereYet_isNoProblemWhereItAsksForNothing(String nothing) {
    assertThat(Binder.bind(Client.class, "endpoint: a\nauth: " + nothing).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "true", "{enabled: true}", "[false]", "{a: {b: [1]}}", "0"})
  void keyThatIsNotThereYet_isAProblemWhereItAsksForSomething(String something) {
    assertThat(Binder.bind(Client.class, "endpoint: a\nauth: " + something).problems()).hasSize(1);
  }

  @Test
  void manyMistakes_areAllReportedInOrder() {
    Binding<Client> binding =
        Binder.bind(
            Client.class,
            """
            endpont: here
            timeout: 10
            compression: gzpi
            headers: Bearer topsecret
            num_consumers: 0
            ratio: high
            tls:
              insecure: yes
              caFile: x
            ca_file: y
            auth: {authenticator: a}
            local_mode: true
            initial_interval: 2m
            nonsense: 1
            """);

    assertThat(binding.config()).isEmpty();
    assertThat(binding.problems().stream().map(Problem::toString))
        .containsExactly(
            "yaml:1:1: unknown key \"endpont\"; did you mean \"endpoint\"?",
            "yaml:2:10: timeout: \"10\" (expected: a duration such as 200ms or 1m30s); did you mean"
                + " \"10s\"?",
            "yaml:3:14: compression: \"gzpi\" (expected: one of none, gzip, x-snappy-framed); did"
                + " you mean \"gzip\"?",
            "yaml:4:10: headers: a text (expected: a mapping)",
            "yaml:5:16: num_consumers: 0 is out of range (expected: from 1 to 100)",
            "yaml:6:8: ratio: \"high\" (expected: a number from 0 to 1)",
            "yaml:8:13: tls.insecure: \"yes\" (expected: true or false); did you mean \"true\"?",
            "yaml:9:3: tls: unknown key \"caFile\"; did you mean \"ca_file\"?",
            "yaml:10:1: unknown key \"ca_file\"; did you mean \"tls.ca_file\"?",
            "yaml:11:1: auth: not built in yet: leave it out and use the sidecar",
            "yaml:12:1: local_mode: not built in yet: comes later",
            "yaml:13:19: initial_interval: 2m (expected: at most 60s)",
            "yaml:14:1: unknown key \"nonsense\" (expected: endpoint, timeout, compression, headers,"
                + " num_consumers, ratio, names, tls, plain, free, buffer_size, enabled,"
                + " initial_interval)");
  }

  @Test
  void keyWithoutEffect_isAWarning() {
    Binding<Client> binding =
        Binder.bind(Client.class, "endpoint: a\nbuffer_size: 3\nread_buffer_size: 4");

    assertThat(binding.orThrow().bufferSize()).isEqualTo(3);
    assertThat(binding.warnings().stream().map(Problem::toString))
        .containsExactly(
            "yaml:2:1: buffer_size: has no effect: there is no such buffer",
            "yaml:3:1: read_buffer_size: has no effect: buffers grow as needed");
  }

  @Test
  void requiredMissing_isReported() {
    assertThat(Binder.bind(Client.class, "").problems().stream().map(Problem::toString))
        .containsExactly("yaml:1:1: missing required key \"endpoint\" (expected: a text)");
  }
}
