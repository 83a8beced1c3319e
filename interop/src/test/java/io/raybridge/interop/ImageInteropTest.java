package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image, built by buildah from the Dockerfile as it is, and run as strictly as it is meant to
 * be: read-only, without capabilities, in 256 MB. Needs what {@code images/setup} makes ready.
 */
class ImageInteropTest {
  private static final int LIMIT_MB = 120;

  @TempDir Path dir;
  private final List<String> containers = new ArrayList<>();

  @BeforeAll
  static void build() throws Exception {
    Image.build();
  }

  @AfterEach
  void remove() throws Exception {
    for (String container : containers) {
      Program.run("podman", "rm", "--force", "--volumes", "--time", "0", container);
    }
  }

  @Test
  void withoutAnything_itRunsAsAdotsImageAndIsHealthy() throws Exception {
    int port = Collector.freePort();
    String container = run(List.of("--publish", "127.0.0.1:" + port + ":4318"));

    assertThat(JarInteropTest.sendSpan(port)).isEqualTo(200);
    Program.run("podman", "exec", container, "/healthcheck");
    assertThat(status(container, "Uid")).startsWith("10001");
    assertThat(status(container, "CapEff")).isEqualTo("0000000000000000");
    assertThat(Program.run("podman", "exec", container, "/awscollector", "--jvm-options"))
        .contains("-Xmx128m");
    stop(container);
  }

  @Test
  void healthCheckOfTheImage_needsNoShellAndTellsDownFromUp() throws Exception {
    String container = run(List.of());
    List<String> check =
        List.of(
            Program.run(
                    "podman",
                    "inspect",
                    container,
                    "--format",
                    "{{range .Config.Healthcheck.Test}}{{.}}\n{{end}}")
                .strip()
                .split("\n"));

    assertThat(check.getFirst()).isEqualTo("CMD");
    List<String> command = new ArrayList<>(List.of("podman", "exec", container));
    command.addAll(check.subList(1, check.size()));
    assertThat(Program.run(command.toArray(String[]::new))).as("nothing said").isEmpty();
    command.set(2, "--env=RAYBRIDGE_HEALTH_ENDPOINT=127.0.0.1:1");
    command.add(3, container);
    assertThat(new ProcessBuilder(command).start().waitFor()).isEqualTo(1);
  }

  @Test
  void configurationAtAdotsPlace_isFound() throws Exception {
    Path config = Path.of("../config-examples/article.yaml").toAbsolutePath().normalize();

    String container = run(List.of("--volume", config + ":/etc/adot-config.yaml:ro"));

    Program.run("podman", "exec", container, "/healthcheck");
    assertThat(log(container)).doesNotContain("warning");
    stop(container);
  }

  @Test
  void contentInTheEnvironment_isTheConfiguration() throws Exception {
    String yaml =
        "{receivers: {otlp: {protocols: {http: }}}, exporters: {debug: },"
            + " service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}}";

    String container = run(List.of("--env", "AOT_CONFIG_CONTENT=" + yaml));

    assertThat(log(container)).contains("ready\t{\"pipelines\": 1");
    stop(container);
  }

  @Test
  void builtInFilesOfAdot_areThere() throws Exception {
    for (String file : List.of("default-config", "xray", "cloudwatch", "cloudwatch-xray")) {
      assertThat(
              Program.run(
                  "images/run",
                  "--rm",
                  "--env",
                  "AWS_REGION=us-east-1",
                  Image.NAME,
                  "validate",
                  "--config=/etc/ecs/ecs-" + file + ".yaml"))
          .isEmpty();
    }
  }

  @Test
  void builtInFilesOfAdotThatAwaitComponents_areThereAndSayWhich() throws Exception {
    for (String file :
        List.of(
            "ecs-amp",
            "ecs-amp-xray",
            "ecs-amp-prometheus",
            "ecs-amp-xray-prometheus",
            "otel-instance-metrics-config",
            "container-insights/otel-task-metrics-config")) {
      var process =
          new ProcessBuilder(
                  "images/run", "--rm", Image.NAME, "--config=/etc/ecs/" + file + ".yaml")
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).as(output).isEqualTo(1);
      assertThat(output).contains("/etc/ecs/" + file + ".yaml:", "of ADOT is not built in yet");
    }
  }

  @Test
  void startCache_fits() throws Exception {
    assertThat(
            Program.run(
                "images/run",
                "--rm",
                "--env",
                "RAYBRIDGE_JAVA_OPTS=-XX:AOTMode=on",
                Image.NAME,
                "components"))
        .contains("awsxray");
  }

  @Test
  void calledAsTheXrayDaemon_itIsThat() throws Exception {
    assertThat(Program.run("images/run", "--rm", "--entrypoint", "/xray", Image.NAME, "--help"))
        .contains("xray-daemon", "--bind-tcp");
  }

  /** As tasks and manifests call the daemon's image, whose entry point listens for others. */
  @Test
  void givenTheDaemonsFlagsAlone_itIsThatAndHealthy() throws Exception {
    String container = run(List.of(), "-o", "-n", "us-west-2");

    assertThat(log(container)).contains("X-Ray segments on 0.0.0.0:2000", "us-west-2");
    Program.run("podman", "exec", container, "/healthcheck");
    stop(container);
  }

  @Test
  void calledByTheDaemonsPath_itIsThatAndHealthy() throws Exception {
    String container = run(List.of("--entrypoint", "/usr/bin/xray"), "--local-mode");

    assertThat(log(container)).contains("X-Ray segments on 127.0.0.1:2000");
    Program.run("podman", "exec", container, "/healthcheck");
    stop(container);
  }

  @Test
  void compressed_itIsSmallEnough() throws Exception {
    Path archive = dir.resolve("image.tar.gz");
    Program.run("sh", "-c", "podman save " + Image.NAME + " | gzip -6 > " + archive);
    long size = Files.size(archive);
    System.out.println("image: " + size / 1_000_000 + " MB compressed");
    assertThat(size).isLessThan(LIMIT_MB * 1_000_000L);
  }

  private String run(List<String> options, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "images/run",
                "--detach",
                "--read-only",
                "--tmpfs",
                "/tmp",
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges",
                "--memory",
                "256m",
                "--memory-swap",
                "256m",
                "--cpu-shares",
                "32",
                "--env",
                "AWS_REGION=us-east-1",
                "--env",
                "AWS_ACCESS_KEY_ID=interop",
                "--env",
                "AWS_SECRET_ACCESS_KEY=interop"));
    command.addAll(options);
    command.add(Image.NAME);
    command.addAll(List.of(arguments));
    String container = Program.run(command.toArray(String[]::new)).strip();
    containers.add(container);
    while (!log(container).contains("\tready")) {
      assertThat(
              Program.run("podman", "inspect", container, "--format", "{{.State.Status}}").strip())
          .as(log(container))
          .isEqualTo("running");
    }
    return container;
  }

  private static void stop(String container) throws Exception {
    Program.run("podman", "stop", "--time", "30", container);
    assertThat(
            Program.run(
                    "podman",
                    "inspect",
                    container,
                    "--format",
                    "{{.State.ExitCode}} {{.State.OOMKilled}}")
                .strip())
        .as(log(container))
        .isEqualTo("0 false");
  }

  private static String log(String container) throws Exception {
    var process = new ProcessBuilder("podman", "logs", container).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static String status(String container, String key) throws Exception {
    return Program.run("podman", "exec", container, "cat", "/proc/1/status")
        .lines()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }
}
