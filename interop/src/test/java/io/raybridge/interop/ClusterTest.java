package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart and the manifests in a cluster: a real API server, controllers, scheduler, kubelet and
 * kube-proxy, as {@code kubernetes/cluster up} starts them. {@code interop/long kubernetes} does
 * that, runs this, and stops them; elsewhere this is skipped.
 */
@Timeout(3600)
class ClusterTest {
  private static final Path CLUSTER = Path.of("target/cluster").toAbsolutePath();
  private static final Path ADMIN = CLUSTER.resolve("run/admin.conf");
  private static final String NODE = "10.123.0.1";
  private static final String NAMESPACE = "observability";
  private static final String ARTICLE = "../k8s/article/adot-collector.yaml";
  private static final String[] KEYS = {
    "--set", "extraEnv[0].name=AWS_ACCESS_KEY_ID,extraEnv[0].value=interop",
    "--set", "extraEnv[1].name=AWS_SECRET_ACCESS_KEY,extraEnv[1].value=interop"
  };

  @TempDir Path dir;
  private XraySink xray;

  @BeforeAll
  static void load() throws Exception {
    assumeTrue(Files.exists(ADMIN), "left out: no cluster (interop/long kubernetes starts one)");
    Image.build();
    // As the manifests name it: pulled from nowhere, since the node has it.
    Program.run("podman", "tag", Image.NAME, "docker.io/library/raybridge:0.1.0");
    Program.run("kubernetes/cluster", "load", Image.NAME);
    Program.run("kubernetes/cluster", "load", "docker.io/library/raybridge:0.1.0");
  }

  @BeforeEach
  void begin() throws Exception {
    xray = new XraySink(InetAddress.getByName(NODE));
    kubectl("create", "namespace", NAMESPACE);
  }

  @AfterEach
  void end() throws Exception {
    kubectl("delete", "namespace", NAMESPACE, "--wait=true");
    kubectl("delete", "persistentvolumes", "--all");
    xray.close();
  }

  @Test
  void everyTemplate_isTakenByTheServer() throws Exception {
    int taken = 0;
    for (var row : HelmChartTest.ROWS) {
      taken += dryRun(HelmChartTest.template("--set", row.values()));
    }
    List<Path> examples;
    try (var files = Files.list(Path.of("../helm/raybridge/examples"))) {
      examples = files.sorted().toList();
    }
    for (Path example : examples) {
      String text = Files.readString(example);
      taken +=
          dryRun(
              text.contains("\nkind: Deployment")
                  ? text
                  : HelmChartTest.template("--values", example.toString()));
    }
    for (String folder : List.of("../k8s/base", "../k8s/overlays/gateway")) {
      taken += dryRun(Program.run(HelmChartTest.tool("kustomize"), "build", folder));
    }
    taken += dryRun(Files.readString(Path.of(ARTICLE)));
    said("server-side dry run of " + taken + " objects");
  }

  @Test
  void agentOfTheChart_isReachedByHostPortAndLosesNothingInAnUpdate() throws Exception {
    assertThat(helm("install", "daemonset"))
        .as("notes")
        .contains("Where to send:", "value: http://$(NODE_IP):4317")
        .contains("http://it-raybridge.observability.svc:4317", "helm test it -n observability");
    rolledOut("daemonset/it-raybridge");
    said("agent: " + pods());

    try (var load = new SpanLoad("http://" + NODE + ":4317")) {
      arrived(load);
      Set<String> before = Set.copyOf(podNames());
      helm("upgrade", "daemonset", "--set", "config.processors.batch.timeout=300ms");
      rolledOut("daemonset/it-raybridge");
      assertThat(podNames()).as("pods after the update").doesNotContainAnyElementsOf(before);
      arrived(load);
      load.close();
      nothingIsLost("agent, rolling update", load);
    }
    assertThat(
            Program.run(
                HelmChartTest.tool("helm"),
                "test",
                "it",
                "--namespace",
                NAMESPACE,
                "--kubeconfig",
                ADMIN.toString()))
        .contains("Phase:          Succeeded");
    said("agent: helm test succeeded");
  }

  @Test
  void gatewaysOfTheChart_areReachedByTheirServiceAndLoseNothingInAnUpdate() throws Exception {
    assertThat(helm("install", "deployment"))
        .as("notes")
        .contains("Where to send:", "http://it-raybridge.observability.svc:4317")
        .doesNotContain("NODE_IP");
    rolledOut("deployment/it-raybridge");
    String address = served("service/it-raybridge");

    try (var load = new SpanLoad("http://" + address + ":4317")) {
      arrived(load);
      helm("upgrade", "deployment", "--set", "config.processors.batch.timeout=300ms");
      rolledOut("deployment/it-raybridge");
      gone(2);
      arrived(load);
      load.close();
      nothingIsLost("gateways, rolling update", load);
    }
  }

  @Test
  void gatewaysWithAQueueOnDisk_keepWhatIsAcknowledgedWhileXrayIsDown() throws Exception {
    volumes("manual");
    String[] disk = {"--set", "queue.pvc.storageClassName=manual"};
    helm("install", "statefulset", disk);
    rolledOut("statefulset/it-raybridge");
    String address = served("service/it-raybridge");

    try (var load = new SpanLoad("http://" + address + ":4317")) {
      arrived(load);
      xray.down(true);
      helm(
          "upgrade",
          "statefulset",
          Stream.concat(
                  Stream.of(disk), Stream.of("--set", "config.processors.batch.timeout=300ms"))
              .toArray(String[]::new));
      rolledOut("statefulset/it-raybridge");
      load.close();
      int came = ids().size();
      assertThat(load.acknowledged()).hasSizeGreaterThan(came);
      xray.down(false);
      nothingIsLost("gateways with a queue on disk, rolling update while X-Ray is down", load);
    }
  }

  @Test
  void agentWithAQueueOnTheNode_isGivenItsDirectory() throws Exception {
    Path directory = dir.resolve("queue");
    helm("install", "daemonset", "--set", "queue.volume=hostPath,queue.hostPath=" + directory);
    rolledOut("daemonset/it-raybridge");

    try (var load = new SpanLoad("http://" + NODE + ":4317")) {
      arrived(load);
      load.close();
      nothingIsLost("agent with a queue on the node's disk", load);
    }
    assertThat(directory.resolve("queue")).isDirectory();
  }

  /**
   * As EKS Pod Identity does it: a token of the service account, exchanged with the node's agent.
   */
  @Test
  void podIdentity_givesTheCredentials() throws Exception {
    Set<String> tokens = ConcurrentHashMap.newKeySet();
    byte[] keys =
        """
        {"AccessKeyId": "ASIAPODIDENTITY", "SecretAccessKey": "secret", "Token": "session", "Expiration": "%s"}
        """
            .formatted(Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS))
            .getBytes(StandardCharsets.UTF_8);
    var agent = HttpServer.create(new InetSocketAddress("169.254.170.23", 80), 0);
    agent.createContext(
        "/v1/credentials",
        exchange -> {
          try (exchange) {
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
          }
        });
    agent.start();
    try {
      String folder = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";
      Path values =
          Files.writeString(
              dir.resolve("values.yaml"),
              """
              extraEnv:
                - {name: AWS_CONTAINER_CREDENTIALS_FULL_URI, value: "http://169.254.170.23/v1/credentials"}
                - {name: AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, value: "%1$s/eks-pod-identity-token"}
              extraVolumes:
                - name: eks-pod-identity-token
                  projected:
                    sources: [{serviceAccountToken: {audience: pods.eks.amazonaws.com, path: eks-pod-identity-token}}]
              extraVolumeMounts:
                - {name: eks-pod-identity-token, mountPath: "%1$s", readOnly: true}
              """
                  .formatted(folder));
      helmWithout("install", "daemonset", "--values", values.toString());
      rolledOut("daemonset/it-raybridge");
      try (var load = new SpanLoad("http://" + NODE + ":4317")) {
        arrived(load);
      }
    } finally {
      agent.stop(0);
    }
    assertThat(tokens).isNotEmpty().allSatisfy(token -> assertThat(token).startsWith("eyJ"));
    assertThat(xray.signers())
        .isNotEmpty()
        .allSatisfy(signer -> assertThat(signer).contains("Credential=ASIAPODIDENTITY/"));
    said("EKS Pod Identity: credentials by the service account's token");
  }

  @Test
  void daemonSetOfTheArticle_runsWithNothingButTheImageChanged() throws Exception {
    kubectl("apply", "-f", ARTICLE);
    rolledOut("daemonset/adot-collector");
    // Without a probe it counts as ready before it is.
    String log = "";
    while (!log.contains("\tready")) {
      log = kubectl("logs", "-n", NAMESPACE, "daemonset/adot-collector");
    }
    // The image's own configuration has three.
    assertThat(log).contains("ready\t{\"pipelines\": 2");
    // The article says nothing of where X-Ray is not AWS's.
    toTheSink("daemonset/adot-collector");
    rolledOut("daemonset/adot-collector");

    String address =
        kubectl("get", "pods", "-n", NAMESPACE, "-o", "jsonpath={.items[0].status.podIP}");
    try (var load = new SpanLoad("http://" + address + ":4317")) {
      arrived(load);
      load.close();
      nothingIsLost("the article's DaemonSet", load);
    }
  }

  @Test
  void agentsAndGatewaysOfTheManifests_workTogether() throws Exception {
    volumes("");
    kubectl("apply", "-k", "../k8s/overlays/gateway");
    toTheSink("statefulset/raybridge-gateway");
    rolledOut("statefulset/raybridge-gateway");
    rolledOut("daemonset/raybridge");
    said("manifests: " + pods());

    try (var load = new SpanLoad("http://" + NODE + ":4317")) {
      arrived(load);
      load.close();
      nothingIsLost("agent and gateways of k8s/", load);
    }
  }

  private static int dryRun(String manifests) throws Exception {
    return (int)
        Program.feed(
                manifests,
                CLUSTER.resolve("bin/kubectl").toString(),
                "--kubeconfig",
                ADMIN.toString(),
                "apply",
                "--dry-run=server",
                "-f",
                "-")
            .lines()
            .count();
  }

  /** What Helm prints, the chart's notes among it. */
  private String helm(String verb, String mode, String... more) throws Exception {
    return helmWithout(
        verb, mode, Stream.concat(Stream.of(KEYS), Stream.of(more)).toArray(String[]::new));
  }

  /** Without credentials in the environment. */
  private String helmWithout(String verb, String mode, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                HelmChartTest.tool("helm"),
                verb,
                "it",
                "../helm/raybridge",
                "--kubeconfig",
                ADMIN.toString(),
                "--namespace",
                NAMESPACE,
                "--set",
                "mode=" + mode,
                "--set",
                "image.repository=localhost/raybridge,image.tag=interop,region=us-east-1",
                "--set",
                "config.exporters.awsxray.endpoint=" + xray.endpoint()));
    command.addAll(List.of(more));
    return Program.run(command.toArray(String[]::new));
  }

  private void toTheSink(String workload) throws Exception {
    kubectl(
        "set",
        "env",
        "-n",
        NAMESPACE,
        workload,
        "AWS_ENDPOINT_URL_XRAY=" + xray.endpoint(),
        "AWS_ACCESS_KEY_ID=interop",
        "AWS_SECRET_ACCESS_KEY=interop");
  }

  /** A volume for each of two gateways, on this node's disk. */
  private void volumes(String storageClass) throws Exception {
    for (int i = 0; i < 2; i++) {
      Path volume = Files.createDirectory(dir.resolve("volume-" + i));
      Program.feed(
          """
          apiVersion: v1
          kind: PersistentVolume
          metadata: {name: volume-%d}
          spec:
            capacity: {storage: 10Gi}
            accessModes: [ReadWriteOnce]
            storageClassName: "%s"
            local: {path: "%s"}
            nodeAffinity:
              required:
                nodeSelectorTerms:
                  - matchExpressions: [{key: kubernetes.io/hostname, operator: Exists}]
          """
              .formatted(i, storageClass, volume),
          CLUSTER.resolve("bin/kubectl").toString(),
          "--kubeconfig",
          ADMIN.toString(),
          "apply",
          "-f",
          "-");
    }
  }

  private static String kubectl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(CLUSTER.resolve("bin/kubectl").toString(), "--kubeconfig", ADMIN.toString()));
    command.addAll(List.of(arguments));
    return Program.run(command.toArray(String[]::new));
  }

  private static String get(String object, String path) throws Exception {
    return kubectl("get", "-n", NAMESPACE, object, "-o", "jsonpath=" + path);
  }

  private static void rolledOut(String workload) throws Exception {
    kubectl("rollout", "status", "-n", NAMESPACE, workload);
  }

  /**
   * The service's address, once kube-proxy leads there: a connection from before that goes to
   * whatever is behind this machine, and stays there.
   */
  private static String served(String service) throws Exception {
    String address = get(service, "{.spec.clusterIP}");
    while (!health(address).contains("Server available")) LockSupport.parkNanos(200_000_000);
    return address;
  }

  private static String health(String address) throws Exception {
    var connection =
        (HttpURLConnection) URI.create("http://" + address + ":13133/").toURL().openConnection();
    connection.setRequestProperty("Connection", "close");
    connection.setConnectTimeout(1000);
    connection.setReadTimeout(1000);
    try (var body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    } finally {
      connection.disconnect();
    }
  }

  private static List<String> podNames() throws Exception {
    return kubectl("get", "pods", "-n", NAMESPACE, "-o", "name").lines().toList();
  }

  private static String pods() throws Exception {
    return kubectl("get", "pods", "-n", NAMESPACE, "--no-headers")
        .lines()
        .map(line -> String.join(" ", line.split(" +")))
        .collect(Collectors.joining("; "));
  }

  /** Waits until the pods that were replaced have ended, and only these are left. */
  private static void gone(int left) throws Exception {
    while (podNames().size() != left) LockSupport.parkNanos(200_000_000);
  }

  private Set<String> ids() {
    return xray.documents().stream()
        .map(document -> document.get("id").asString())
        .collect(Collectors.toSet());
  }

  /** Waits until what is acknowledged now has come, so that the whole way works. */
  private void arrived(SpanLoad load) {
    int from = load.acknowledged().size();
    Set<String> acknowledged = load.acknowledged();
    while (acknowledged.size() < from + 100) {
      LockSupport.parkNanos(50_000_000);
      acknowledged = load.acknowledged();
    }
    while (!ids().containsAll(acknowledged)) LockSupport.parkNanos(50_000_000);
  }

  private void nothingIsLost(String what, SpanLoad load) {
    while (!ids().containsAll(load.acknowledged())) LockSupport.parkNanos(50_000_000);
    Set<String> came = ids();
    assertThat(came).containsAll(load.acknowledged());
    said(
        what
            + ": "
            + load.acknowledged().size()
            + " spans acknowledged and all arrived; of "
            + load.requests()
            + " requests "
            + load.failures()
            + " failed and were sent again");
  }

  private static void said(String what) {
    System.out.println("ok    " + what);
  }
}
