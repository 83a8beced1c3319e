package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one JAR, by any JDK 25 and nothing else. */
class JarInteropTest {
  private static final Path JAR = Path.of("../distribution/packages/target/raybridge.jar");

  @TempDir Path dir;

  @BeforeAll
  static void built() {
    assertThat(JAR)
        .as("made by mvn -Pdist package -DskipTests -pl distribution/packages -am")
        .exists();
  }

  @Test
  void jar_holdsEveryComponentOfTheSources() throws Exception {
    String java = Program.run("../raybridge", "--find-jdk").strip() + "/bin/java";

    assertThat(Program.run(java, "-jar", JAR.toString(), "components"))
        .isEqualTo(Program.run("../raybridge", "components"))
        .contains("awsxray");
  }

  @Test
  void jar_runsTakesATraceAndStops() throws Exception {
    String java = Program.run("../raybridge", "--find-jdk").strip() + "/bin/java";
    int port = Collector.freePort();
    Path sent = dir.resolve("sent.json");
    Path config = toFile(dir, port, sent);
    try (var collector =
        new Collector(
            dir.resolve("log"),
            "\tready",
            Map.of(),
            java,
            "-jar",
            JAR.toString(),
            "--config",
            config.toString())) {
      assertThat(sendSpan(port)).isEqualTo(200);
      assertThat(collector.stop()).as(collector.log()).isZero();
    }
    assertThat(sent).content().contains("span of the test");
  }

  /** The same JAR serves both platforms of the image: what is native is there for either. */
  @Test
  void nativeLibrariesOfTheJar_areThereForArmToo() throws Exception {
    try (var jar = new JarFile(JAR.toFile())) {
      var names = jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".so")).toList();
      var ofAmd = names.stream().filter(name -> name.matches(".*(amd64|x86_64).*")).toList();

      assertThat(ofAmd).isNotEmpty();
      assertThat(names)
          .containsAll(ofAmd.stream().map(name -> name.replace("amd64", "aarch64")).toList());
    }
  }

  /** A configuration that takes OTLP/HTTP on this port and writes what comes to a file. */
  static Path toFile(Path dir, int port, Path sent) throws IOException {
    return Files.writeString(
        dir.resolve("config.yaml"),
        """
        receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
        exporters: {file: {path: "%s"}}
        service:
          telemetry: {metrics: {level: none}}
          pipelines: {traces: {receivers: [otlp], exporters: [file]}}
        """
            .formatted(port, sent));
  }

  /** Sends one span by OTLP/HTTP and gives the status. */
  static int sendSpan(int port) throws IOException, InterruptedException {
    long now = System.currentTimeMillis() * 1_000_000;
    String body =
        """
        {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "test"}}]},
          "scopeSpans": [{"spans": [{"traceId": "%08xa006649127e371903a2de979", "spanId": "53995c3f42cd8ad8",
            "name": "span of the test", "kind": 2, "startTimeUnixNano": "%d", "endTimeUnixNano": "%d"}]}]}]}
        """
            .formatted(now / 1_000_000_000, now, now + 1_000_000);
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
      return client.send(request, BodyHandlers.ofString()).statusCode();
    } catch (ConnectException e) {
      return -1;
    }
  }
}
