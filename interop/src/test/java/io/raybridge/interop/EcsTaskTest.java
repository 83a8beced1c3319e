package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The task definitions in {@code config-examples/}: the keys are those that ECS knows, and the
 * container named raybridge is run as its definition says, until its own health check passes. What
 * ECS puts in from elsewhere, a secret's value, comes from the file that it is to hold.
 */
class EcsTaskTest {
  private static final Set<String> CONTAINER_KEYS =
      Set.of(
          "name",
          "image",
          "cpu",
          "memory",
          "memoryReservation",
          "essential",
          "environment",
          "secrets",
          "command",
          "entryPoint",
          "portMappings",
          "mountPoints",
          "healthCheck",
          "dependsOn",
          "logConfiguration",
          "readonlyRootFilesystem",
          "linuxParameters",
          "stopTimeout",
          "user");

  @BeforeAll
  static void build() throws Exception {
    Image.build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecs-service.json", "ecs-sidecar-otlp.json"})
  void containerOfTheTask_startsAsDefinedAndBecomesHealthy(String file) throws Exception {
    JsonNode task = new ObjectMapper().readTree(Path.of("../config-examples", file).toFile());
    assertKeysAreKnown(task);
    run(container(task, "raybridge"), id -> {});
  }

  @Test
  void sidecarOfTheArticle_takesWhatXraysSdksSend() throws Exception {
    JsonNode task =
        new ObjectMapper().readTree(Path.of("../config-examples/ecs-sidecar.json").toFile());
    assertKeysAreKnown(task);
    String trace = Long.toHexString(System.currentTimeMillis() / 1000);
    String segment =
        "{\"format\":\"json\",\"version\":1}\n{\"name\":\"my-api\",\"id\":\"53995c3f42cd8ad8\",\"trace_id\":\"1-"
            + trace
            + "-a006649127e371903a2de979\",\"start_time\":1,\"end_time\":2}";

    run(
        container(task, "xray-daemon"),
        id -> {
          byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
          try (var socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, bytes.length, address(id)));
          }
          String taken = "{kind=\"exporter\",signal=\"traces\",stage=\"awsxray\"} 1";
          int asked = 0;
          while (!metrics(id).contains("otelcol_raybridge_accepted_items" + taken)) {
            assertThat(++asked).as(metrics(id)).isLessThan(100);
          }
        });
  }

  private static InetSocketAddress address(String id) throws Exception {
    String ip = Program.run("podman", "inspect", id, "--format", "{{.NetworkSettings.IPAddress}}");
    return new InetSocketAddress(ip.strip(), 2000);
  }

  @FunctionalInterface
  private interface Step {
    void run(String container) throws Exception;
  }

  private static String metrics(String id) throws Exception {
    return Program.run(
        "podman",
        "exec",
        id,
        "bash",
        "-c",
        "exec 3<>/dev/tcp/127.0.0.1/8888; printf 'GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3");
  }

  private static void assertKeysAreKnown(JsonNode task) {
    for (JsonNode each : task.get("containerDefinitions")) {
      assertThat(CONTAINER_KEYS).containsAll(each.propertyNames());
      for (JsonNode other : each.path("dependsOn")) {
        JsonNode depended = container(task, other.get("containerName").asString());
        assertThat(depended.has("healthCheck")).isTrue();
      }
    }
  }

  /** Runs a container as defined, until its health check passes, and then this. */
  private static void run(JsonNode definition, Step step) throws Exception {
    List<String> command = new ArrayList<>(List.of("images/run", "--detach"));
    command.addAll(options(definition));
    command.add(Image.NAME);
    definition.path("command").forEach(word -> command.add(word.asString()));
    String id = Program.run(command.toArray(String[]::new)).strip();
    try {
      List<String> check = new ArrayList<>(List.of("podman", "exec", id));
      List<String> words = new ArrayList<>();
      definition.path("healthCheck").path("command").forEach(word -> words.add(word.asString()));
      if (words.isEmpty()) words.addAll(List.of("CMD", "/healthcheck"));
      assertThat(words.getFirst()).isEqualTo("CMD");
      check.addAll(words.subList(1, words.size()));
      int checked = 0;
      while (new ProcessBuilder(check).start().waitFor() != 0) {
        assertThat(++checked).as("health checks that failed").isLessThan(500);
        assertThat(Program.run("podman", "inspect", id, "--format", "{{.State.Status}}").strip())
            .as(Program.run("sh", "-c", "podman logs " + id + " 2>&1"))
            .isEqualTo("running");
      }
      step.run(id);
      Program.run("podman", "stop", "--time", "30", id);
      assertThat(Program.run("podman", "inspect", id, "--format", "{{.State.ExitCode}}").strip())
          .isEqualTo("0");
    } finally {
      Program.run("podman", "rm", "--force", "--volumes", "--time", "0", id);
    }
  }

  /** What ECS gives the container, in podman's words. */
  private static List<String> options(JsonNode definition) throws Exception {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--memory", definition.path("memory").asInt(512) + "m"));
    options.addAll(List.of("--cpu-shares", "" + definition.path("cpu").asInt(256)));
    // Of the task's role, and what Fargate sets.
    options.addAll(
        List.of("--env", "AWS_ACCESS_KEY_ID=interop", "--env", "AWS_SECRET_ACCESS_KEY=interop"));
    options.addAll(List.of("--env", "AWS_REGION=us-east-1"));
    for (JsonNode variable : definition.path("environment")) {
      options.add("--env");
      options.add(variable.get("name").asString() + "=" + variable.get("value").asString());
    }
    for (JsonNode secret : definition.path("secrets")) {
      options.add("--env");
      options.add(
          secret.get("name").asString()
              + "="
              + Files.readString(Path.of("../config-examples/ecs.yaml")));
    }
    if (definition.path("readonlyRootFilesystem").asBoolean(false)) options.add("--read-only");
    for (JsonNode capability :
        definition.path("linuxParameters").path("capabilities").path("drop")) {
      options.addAll(List.of("--cap-drop", capability.asString()));
    }
    for (JsonNode mount : definition.path("mountPoints")) {
      // A volume of the task's own takes over what the image has at that place.
      options.addAll(List.of("--volume", mount.get("containerPath").asString()));
    }
    return options;
  }

  private static JsonNode container(JsonNode task, String name) {
    for (JsonNode each : task.get("containerDefinitions")) {
      if (each.get("name").asString().equals(name)) return each;
    }
    throw new AssertionError("no container " + name);
  }
}
