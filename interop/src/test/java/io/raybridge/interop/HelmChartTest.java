package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart and the manifests, by Helm, Kustomize and the schemas of three versions of Kubernetes.
 */
class HelmChartTest {
  private static final Path CHART = Path.of("../helm/raybridge");
  private static final String[] VERSIONS = {"1.31.0", "1.34.0", "1.37.0"};

  @TempDir Path dir;

  /** What to set, and what must then be in the manifests. */
  record Row(String values, String... expected) {
    @Override
    public String toString() {
      return values;
    }
  }

  static final List<Row> ROWS =
      List.of(
          new Row(
              "mode=daemonset",
              "kind: DaemonSet",
              "hostPort: 4317",
              "internalTrafficPolicy: Local"),
          new Row(
              "mode=deployment",
              "kind: Deployment",
              "maxUnavailable: 0",
              "kind: PodDisruptionBudget"),
          new Row(
              "mode=statefulset",
              "kind: StatefulSet",
              "volumeClaimTemplates:",
              "create_directory: true",
              "storage: file_storage"),
          new Row("tolerations[0].key=gpu,tolerations[0].operator=Exists", "key: gpu"),
          new Row("nodeSelector.kubernetes\\.io/arch=arm64", "kubernetes.io/arch: arm64"),
          new Row(
              "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                  + ".matchExpressions[0].key=a,affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
                  + ".nodeSelectorTerms[0].matchExpressions[0].operator=Exists",
              "nodeAffinity:"),
          new Row(
              "priorityClassName=system-node-critical", "priorityClassName: system-node-critical"),
          new Row(
              "resources.limits.cpu=500m,resources.limits.memory=512Mi",
              "cpu: 500m",
              "memory: 512Mi"),
          new Row("hostNetwork=true", "hostNetwork: true", "dnsPolicy: ClusterFirstWithHostNet"),
          new Row("terminationGracePeriodSeconds=90", "terminationGracePeriodSeconds: 90"),
          new Row("extraEnv[0].name=A,extraEnv[0].value=b", "- name: A"),
          new Row(
              "extraVolumes[0].name=v,extraVolumes[0].emptyDir.medium=Memory,extraVolumeMounts[0].name=v,"
                  + "extraVolumeMounts[0].mountPath=/v",
              "medium: Memory",
              "mountPath: /v"),
          new Row(
              "serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn=arn:aws:iam::123456789012:role/r",
              "eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/r"),
          new Row("mode=deployment,podDisruptionBudget.minAvailable=50%", "minAvailable: 50%"),
          new Row(
              "mode=deployment,autoscaling.enabled=true,autoscaling.targetMemoryUtilizationPercentage=80",
              "kind: HorizontalPodAutoscaler",
              "name: memory"),
          new Row("mode=statefulset,autoscaling.enabled=true", "kind: HorizontalPodAutoscaler"),
          new Row(
              "serviceMonitor.enabled=true,serviceMonitor.labels.release=prometheus",
              "release: prometheus"),
          new Row(
              "networkPolicy.enabled=true,networkPolicy.from[0].namespaceSelector.matchLabels.a=b",
              "kind: NetworkPolicy"),
          new Row(
              "queue.volume=hostPath",
              "type: DirectoryOrCreate",
              "add: [CHOWN]",
              "storage: file_storage"),
          new Row("mode=deployment,queue.volume=emptyDir", "storage: file_storage"),
          new Row("mode=statefulset,queue.volume=none", "emptyDir:"),
          new Row(
              "mode=statefulset,queue.pvc.storageClassName=gp3,queue.pvc.size=50Gi",
              "storageClassName: gp3",
              "storage: 50Gi"),
          new Row("image.digest=sha256:" + "0".repeat(64), "raybridge@sha256:000"),
          new Row("existingConfigMap=mine", "name: mine"),
          new Row(
              "ports.xray.enabled=true,ports.xray.port=2000,ports.xray.hostPort=2000,ports.xray.protocol=UDP",
              "protocol: UDP"),
          new Row(
              "rbac.rules[0].apiGroups[0]=,rbac.rules[0].resources[0]=pods,rbac.rules[0].verbs[0]=get",
              "kind: ClusterRoleBinding",
              "automountServiceAccountToken: true"),
          new Row("region=eu-central-1", "value: \"eu-central-1\""),
          new Row("service.headless=true,mode=deployment", "clusterIP: None"));

  @Test
  void chart_passesLint() throws Exception {
    assertThat(Program.run(tool("helm"), "lint", "--strict", CHART.toString()))
        .contains("0 chart(s) failed");
  }

  @ParameterizedTest
  @FieldSource("ROWS")
  void values_haveTheirEffectInEveryVersion(Row row) throws Exception {
    String manifests = template("--set", row.values());

    assertThat(manifests).contains(row.expected());
    conform(manifests);
    validate(configurations(manifests));
  }

  static Stream<Path> examples() throws Exception {
    return Files.list(CHART.resolve("examples")).sorted();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_conforms(Path example) throws Exception {
    String text = Files.readString(example);
    boolean isValues = !text.contains("\nkind: Deployment");

    String manifests = isValues ? template("--values", example.toString()) : text;

    conform(manifests);
    validate(configurations(manifests));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../k8s/base", "../k8s/overlays/gateway"})
  void kustomization_conforms(String folder) throws Exception {
    String manifests = Program.run(tool("kustomize"), "build", folder);

    assertThat(manifests).contains("kind: DaemonSet");
    conform(manifests);
    validate(configurations(manifests));
  }

  @Test
  void manifestsOfTheArticle_conform() throws Exception {
    conform(Files.readString(Path.of("../k8s/article/adot-collector.yaml")));
  }

  @Test
  void changeOfTheConfiguration_rollsThePods() throws Exception {
    assertThat(checksum("config.processors.batch.timeout=2s"))
        .isNotEqualTo(checksum("config.processors.batch.timeout=3s"))
        .isEqualTo(checksum("config.processors.batch.timeout=2s,region=eu-west-1"));
  }

  static final List<Row> WRONG =
      List.of(
          new Row("mode=sidecar", "at '/mode'", "'daemonset', 'deployment', 'statefulset'"),
          new Row("tolerations.key=a", "at '/tolerations': got object, want array"),
          new Row("hostport=4317", "'hostport' not allowed"),
          new Row("ports.otlp.port=70000", "at '/ports/otlp/port'"),
          new Row("queue.volume=pvc", "queue.volume: pvc needs mode: statefulset"),
          new Row(
              "mode=statefulset,queue.exporters[0]=awsray",
              "queue.exporters: \"awsray\"",
              "awscloudwatchmetrics, awsxray"));

  @ParameterizedTest
  @FieldSource("WRONG")
  void wrongValue_isNamed(Row row) throws Exception {
    var process = new ProcessBuilder(helm("--set", row.values())).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isNotZero();
    assertThat(output).contains(row.expected());
  }

  private String checksum(String values) throws Exception {
    return template("--set", values)
        .lines()
        .filter(line -> line.contains("checksum/config:"))
        .findFirst()
        .orElseThrow();
  }

  static String template(String... arguments) throws Exception {
    return Program.run(helm(arguments).toArray(String[]::new));
  }

  private static List<String> helm(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                tool("helm"),
                "template",
                "it",
                CHART.toString(),
                "--namespace",
                "observability",
                "--kube-version",
                "1.34.0"));
    command.addAll(List.of(arguments));
    return command;
  }

  private void conform(String manifests) throws Exception {
    Path file = Files.writeString(dir.resolve("manifests.yaml"), manifests);
    for (String version : VERSIONS) {
      String summary =
          Program.run(
              tool("kubeconform"),
              "-strict",
              "-summary",
              "-verbose",
              // Of Prometheus's operator, not of Kubernetes.
              "-skip",
              "ServiceMonitor",
              "-schema-location",
              Path.of("target/kubernetes/schemas").toAbsolutePath()
                  + "/v"
                  + version
                  + "/{{.ResourceKind}}{{.KindSuffix}}.json",
              file.toString());
      assertThat(summary).contains("Invalid: 0, Errors: 0").doesNotContain("Valid: 0,");
    }
  }

  /** The texts of all ConfigMaps' keys. */
  private static List<String> configurations(String manifests) {
    List<String> found = new ArrayList<>();
    for (String document : manifests.split("(?m)^---$", -1)) {
      if (!document.contains("kind: ConfigMap")) continue;
      StringBuilder text = new StringBuilder();
      boolean inside = false;
      for (String line : document.split("\n", -1)) {
        if (line.startsWith("  ") && line.endsWith(".yaml: |")) inside = true;
        else if (inside && (line.startsWith("    ") || line.isBlank()))
          text.append(line.isBlank() ? "" : line.substring(4)).append('\n');
        else inside = false;
      }
      found.add(text.toString());
    }
    return found;
  }

  private void validate(List<String> configurations) throws Exception {
    for (String yaml : configurations) {
      assertThat(yaml).contains("receivers:");
      Path file = Files.writeString(dir.resolve("config.yaml"), yaml);
      Program.run(
          "env", "AWS_REGION=us-east-1", "../raybridge", "validate", "--config", file.toString());
    }
  }

  static String tool(String name) {
    return Path.of("target/go", name).toAbsolutePath().toString();
  }
}
