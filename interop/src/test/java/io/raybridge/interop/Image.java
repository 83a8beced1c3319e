package io.raybridge.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The image, built once by buildah from the Dockerfile as it is. */
final class Image {
  static final String NAME = "localhost/raybridge:interop";
  private static boolean built;

  private Image() {}

  /** Builds it, or skips the tests where {@code images/setup} could not make buildah ready. */
  static synchronized void build() throws Exception {
    assumeTrue(
        Files.exists(Path.of("target/images/ready")),
        "left out: images/setup could not make it ready");
    if (built) return;
    Program.run(
        "buildah",
        "build",
        "--quiet",
        "--isolation",
        "chroot",
        "--pull-never",
        "--format",
        "docker",
        "--tag",
        NAME,
        "../distribution/packages/target/image");
    built = true;
  }
}
