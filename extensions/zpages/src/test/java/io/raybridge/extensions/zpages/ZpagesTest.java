package io.raybridge.extensions.zpages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Diagnostics.Page;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZpagesTest implements ExtensionContract<ZpagesConfig> {
  private final TestContext context =
      TestContext.of(Kind.EXTENSION, "zpages").with(ZpagesTest::pages);
  private @Nullable Zpages extension;

  @AfterEach
  void stop() {
    if (extension != null) extension.stop(generously());
  }

  @Override
  public ExtensionFactory<ZpagesConfig> factory() {
    return new ZpagesFactory();
  }

  @Override
  public String yaml() {
    return "endpoint: localhost:0\n";
  }

  @Test
  void pagesOfTheCollector_areServed() throws Exception {
    start(yaml());

    var response = get("/drops?trace_id=a%20b");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.body()).isEqualTo("[\"a b\"]");
  }

  @Test
  void otherPaths_areNotFound() throws Exception {
    start(yaml());

    var response = get("/debug/tracez");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("/drops");
  }

  @Test
  void portInUse_doesNotStart() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start("endpoint: 127.0.0.1:" + taken.getLocalPort() + "\n"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }
  }

  private void start(String yaml) throws IOException {
    extension = new Zpages(Binder.bind(ZpagesConfig.class, yaml).orThrow(), context.context());
    extension.start();
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + extension.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static Optional<Page> pages(String path, Function<String, @Nullable String> parameters) {
    return path.equals("/drops")
        ? Optional.of(new Page("application/json", "[\"" + parameters.apply("trace_id") + "\"]"))
        : Optional.empty();
  }
}
