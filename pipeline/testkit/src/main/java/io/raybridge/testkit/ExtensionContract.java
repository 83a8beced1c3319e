package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Component;
import io.raybridge.api.ExtensionFactory;
import org.junit.jupiter.api.Test;

/** What every extension keeps to. */
public interface ExtensionContract<C extends Record> extends ComponentContract<C> {
  @Override
  ExtensionFactory<C> factory();

  @Override
  default Component create(C config, TestContext context) {
    return factory().create(config, context.context());
  }

  @Test
  default void extension_standsInNoPipeline() {
    assertThat(factory().descriptor().signals()).isEmpty();
  }

  @Test
  default void readiness_mayBeToldInAnyOrder() throws Exception {
    var extension = factory().create(config(), context().context());
    extension.notReady();
    extension.start();
    extension.ready();
    extension.notReady();
    extension.notReady();
    extension.stop(generously());
    extension.notReady();
  }
}
