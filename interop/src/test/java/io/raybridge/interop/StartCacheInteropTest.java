package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A JVM leaves a start cache that does not fit aside without a word; here it may not. */
class StartCacheInteropTest {
  @Test
  void cacheOfTheLauncher_fitsTheLauncher() throws Exception {
    var command = new ProcessBuilder("../raybridge", "components").redirectErrorStream(true);
    command.environment().put("RAYBRIDGE_JAVA_OPTS", "-XX:AOTMode=on");

    var process = command.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("awsxray");
  }
}
