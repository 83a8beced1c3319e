package io.raybridge.extensions.localxray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalXrayExtensionTest implements ExtensionContract<LocalXrayConfig> {
  @TempDir Path directory;

  @Override
  public ExtensionFactory<LocalXrayConfig> factory() {
    return new LocalXrayFactory();
  }

  @Override
  public String yaml() {
    return "endpoint: 127.0.0.1:0\ndirectory: " + directory + "\n";
  }

  @Override
  public boolean isShared(String thread) {
    return ExtensionContract.super.isShared(thread) || thread.startsWith("Generate Seed");
  }

  @Test
  void withoutDirectory_storeLiesInTheDataDirectory() {
    var settings = Binder.bind(LocalXrayConfig.class, "{}").orThrow().store(directory);

    assertThat(settings.directory()).isEqualTo(directory.resolve("local-xray"));
    assertThat(settings.maxSize()).isEqualTo(512L << 20);
    assertThat(settings.maxAge()).isEqualTo(Duration.ofDays(7));
  }

  @ParameterizedTest
  @CsvSource({
    "max_size: 12, max_size, such as 512MiB",
    "max_size: 512MB, max_size, such as 512MiB",
    "max_size: 63MiB, max_size, at least 64MiB",
    "max_age: 59s, max_age, 1m to 87600h",
    "endpoint: nowhere, endpoint, host:port",
  })
  void wrongValue_isReportedByKey(String yaml, String key, String expected) {
    var problem = Binder.bind(LocalXrayConfig.class, yaml).problems().getFirst();

    assertThat(problem.toString()).contains(key, expected);
  }

  @Test
  void directoryInUse_failsTheStartAndLeavesItUsable() throws Exception {
    var first = create(config(), context());
    first.start();
    var second = TestContext.of(Kind.EXTENSION, "local_xray");
    assertThatThrownBy(() -> create(config(), second).start())
        .hasMessageContaining(directory + " is in use by another process");

    first.stop(generously());
    var third = create(config(), context());
    third.start();
    third.stop(generously());
  }
}
