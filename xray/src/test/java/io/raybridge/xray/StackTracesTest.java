package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StackTracesTest {
  private static final String JAVA =
      """
      java.lang.IllegalStateException: outer
      	at com.shop.Checkout.place(Checkout.java:64)
      	at java.base/java.lang.Thread.run(Thread.java:1583)
      	Suppressed: java.io.IOException: closing
      		at com.shop.Stock.close(Stock.java:1)
      	at com.shop.Native.call(Native Method)
      Caused by: java.net.SocketTimeoutException: Read timed out
      after a second line
      	at app//sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)
      	... 21 more
      Caused by: java.lang.Error
      	at a.B.c(Unknown Source)
      """;

  private static final String PYTHON =
      """
      Traceback (most recent call last):
        File "/app/db.py", line 7, in connect
          raise TimeoutError("no answer: 5 s")
      TimeoutError: no answer: 5 s
      and more

      The above exception was the direct cause of the following exception:

      Traceback (most recent call last):
        File "/app/a,b.py", line 12, in handle
          connect()
        File "/app/db.py", line 9, in connect_all
          raise ShopError("broken") from e
      shop.ShopError: broken
      """;

  private static final String NODE =
      """
      TypeError: x is not a function
          at Cart.total [as sum] (/app/cart.js:10:15)
          at async handler (file:///app/server.mjs:20:3)
          at /app/index.js:3:4
          at node:internal/process/task_queues:95:5
          at Array.map (<anonymous>)
          at new Promise (native)
      """;

  private static final String DOTNET =
      """
      System.InvalidOperationException: outer
       ---> System.TimeoutException: inner
         at Shop.Stock.Reserve(Int32 id) in C:\\src\\Stock.cs:line 18
         --- End of inner exception stack trace ---
         at Shop.Checkout.Place() in /src/Checkout.cs:line 64
         at Shop.Program.Main(String[] args)
      """;

  private static final String GO =
      """
      goroutine 18 [running]:
      main.(*Cart).Total(0xc000)
      	/app/cart.go:12 +0x1d
      main.main()
      	/app/main.go:30 +0x5f
      created by main.start in goroutine 1
      	/app/main.go:8 +0x2
      """;

  private static final String PHP =
      """
      #0 /app/cart.php(12): Cart->total(Object(Item))
      #1 [internal function]: handle()
      #2 {main}
      """;

  private static final String RUBY =
      """
      /app/cart.rb:7:in `total': outer (ShopError)
      	from /app/server.rb:3:in 'block in Server#call'
      	from /app/main.rb:1:in `<main>'
      /app/db.rb:9:in `connect': no answer (Timeout::Error)
      	from /app/cart.rb:6:in `total'
      """;

  @Test
  void java_givesFramesAndCausesWithoutModulesAndSuppressed() {
    assertThat(exceptions("java", JAVA))
        .containsExactly(
            "E: m [com.shop.Checkout.place Checkout.java 64]"
                + "[java.lang.Thread.run Thread.java 1583][com.shop.Native.call Native Method 0]",
            "java.net.SocketTimeoutException: Read timed out\nafter a second line"
                + " [sun.nio.ch.NioSocketImpl.timedRead NioSocketImpl.java 278]",
            "java.lang.Error:  [a.B.c Unknown Source 0]");
  }

  @Test
  void python_givesInnermostCallFirstAndTheCausesTypeAndMessage() {
    assertThat(exceptions("python", PYTHON))
        .containsExactly(
            "E: m [connect_all /app/db.py 9][handle /app/a,b.py 12]",
            "TimeoutError: no answer: 5 s\nand more [connect /app/db.py 7]");
  }

  @Test
  void pythonDuringHandling_isACauseToo() {
    String text =
        PYTHON.replace(
            "The above exception was the direct cause of the following exception:",
            "During handling of the above exception, another exception occurred:");

    assertThat(exceptions("python", text)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodejs", "javascript", "webjs"})
  void javascript_isReadUnderEachNameOfTheLanguage(String language) {
    assertThat(exceptions(language, NODE))
        .containsExactly(
            "E: m [Cart.total [as sum] /app/cart.js 10]"
                + "[async handler file:///app/server.mjs 20][ /app/index.js 3]"
                + "[ node:internal/process/task_queues 95][Array.map <anonymous> 0]"
                + "[new Promise native 0]");
  }

  @Test
  void nodesCause_isACauseAndItsBraceNoPartOfAFrame() {
    String trace =
        """
        E: m
            at place (/app/orders.js:7:3) {
          [cause]: Error: no stock
              at take (/app/stock.js:42:11)
        }
        """;

    assertThat(exceptions("nodejs", trace))
        .containsExactly(
            "E: m [place /app/orders.js 7]", "Error: no stock [take /app/stock.js 42]");
  }

  @Test
  void firefox_isReadToo() {
    assertThat(exceptions("webjs", "total@https://shop/cart.js:10:15\n@https://shop/a.js:1:2\n"))
        .containsExactly("E: m [total https://shop/cart.js 10][ https://shop/a.js 1]");
  }

  @Test
  void dotnet_givesFramesToTheExceptionTheyBelongTo() {
    assertThat(exceptions("dotnet", DOTNET))
        .containsExactly(
            "E: m [Shop.Checkout.Place() /src/Checkout.cs 64]"
                + "[Shop.Program.Main(String[] args)  0]",
            "System.TimeoutException: inner"
                + " [Shop.Stock.Reserve(Int32 id) C:\\src\\Stock.cs 18]");
  }

  @Test
  void go_givesFunctionAndPlace() {
    assertThat(exceptions("go", GO))
        .containsExactly(
            "E: m [main.(*Cart).Total(0xc000) /app/cart.go 12][main.main() /app/main.go 30]"
                + "[created by main.start in goroutine 1 /app/main.go 8]");
  }

  @Test
  void php_isReadInItsOwnFormAndInItsSdks() {
    assertThat(exceptions("php", PHP))
        .containsExactly(
            "E: m [Cart->total(Object(Item)) /app/cart.php 12]"
                + "[[internal function]: handle()  0][{main}  0]");
    assertThat(
            exceptions(
                "php", "X: y\n at Cart.total(cart.php:12)\nCaused by: Z: w\n at A.b(a.php:1)"))
        .containsExactly("E: m [Cart.total cart.php 12]", "Z: w [A.b a.php 1]");
  }

  @Test
  void ruby_givesFramesAndCause() {
    assertThat(exceptions("ruby", RUBY))
        .containsExactly(
            "E: m [total /app/cart.rb 7][block in Server#call /app/server.rb 3]"
                + "[<main> /app/main.rb 1]",
            "Timeout::Error: no answer [connect /app/db.rb 9][total /app/cart.rb 6]");
  }

  @ParameterizedTest
  @CsvSource({"JAVA, 3", "PYTHON, 2", "NODE, 1", "DOTNET, 2", "GO, 1", "PHP, 1", "RUBY, 2"})
  void languageUnknown_isGuessed(String text, int exceptions) {
    String trace =
        switch (text) {
          case "JAVA" -> JAVA;
          case "PYTHON" -> PYTHON;
          case "NODE" -> NODE;
          case "DOTNET" -> DOTNET;
          case "GO" -> GO;
          case "PHP" -> PHP;
          default -> RUBY;
        };

    JsonNode document = Otlp.server().exception("E", "m", trace).document();

    assertThat(document.at("/cause/exceptions")).hasSize(exceptions);
    assertThat(document.at("/cause/exceptions/0/stack").isEmpty()).isFalse();
    assertThat(document.at("/metadata/otel/events").isMissingNode()).isTrue();
  }

  @Test
  void traceInNoKnownForm_isKeptAsText() {
    JsonNode document =
        Otlp.server()
            .resource("telemetry.sdk.language", "erlang")
            .exception("E", "m", "in function x/2")
            .document();

    assertThat(document.at("/cause/exceptions/0/message").asString()).isEqualTo("m");
    assertThat(document.at("/metadata/otel/events/0/attributes/exception.stacktrace").asString())
        .isEqualTo("in function x/2");
  }

  @Test
  void exceptionsOfACall_areTheFarSides() {
    JsonNode document = Otlp.client().exception("E", "m", "").document();

    assertThat(document.at("/cause/exceptions/0/remote").asBoolean()).isTrue();
    JsonNode own = Otlp.server().exception("E", "m", "").document();
    assertThat(own.at("/cause/exceptions/0").has("remote")).isFalse();
  }

  @Test
  void statusMessage_isTheCauseWhenNothingElseIs() {
    JsonNode document = Otlp.server().error("it broke").document();

    assertThat(document.at("/cause/exceptions/0/message").asString()).isEqualTo("it broke");
    assertThat(document.at("/metadata/otel/status_message").isMissingNode()).isTrue();
  }

  @Test
  void errorType_isTheCausesType() {
    JsonNode cause =
        Otlp.client().with("error.type", "java.io.IOException").error("it broke").document();
    JsonNode bare = Otlp.client().with("error.type", "timeout").error("").document();
    JsonNode code = Otlp.client().with("error.type", "503").error("").document();
    JsonNode other = Otlp.client().with("error.type", "_OTHER").error("").document();
    JsonNode thrown =
        Otlp.client().with("error.type", "x.E").error("m").exception("y.F", "n", "").document();

    assertThat(cause.at("/cause/exceptions/0/type").asString()).isEqualTo("java.io.IOException");
    assertThat(cause.at("/cause/exceptions/0/message").asString()).isEqualTo("it broke");
    assertThat(cause.at("/metadata/default/error.type").asString())
        .isEqualTo("java.io.IOException");
    assertThat(bare.at("/cause/exceptions/0/type").asString()).isEqualTo("timeout");
    assertThat(code.has("cause")).isFalse();
    assertThat(other.has("cause")).isFalse();
    assertThat(thrown.at("/cause/exceptions").size()).isEqualTo(1);
    assertThat(thrown.at("/cause/exceptions/0/type").asString()).isEqualTo("y.F");
  }

  @Test
  void statusMessageBesideExceptions_isKept() {
    JsonNode document = Otlp.server().error("it broke").exception("E", "m", "").document();

    assertThat(document.at("/metadata/otel/status_message").asString()).isEqualTo("it broke");
  }

  @Test
  void awsHttpFailureEvent_isAnExceptionAsInTheGoExporter() {
    JsonNode exception =
        Otlp.client()
            .with("rpc.system", "aws-api")
            .event(
                "HTTP request failure",
                java.util.Map.of(
                    "http.response.status_code", 503, "aws.http.error_message", "slow down"))
            .document()
            .at("/cause/exceptions/0");

    assertThat(exception.path("type").asString()).isEqualTo("aws.http.error.event");
    assertThat(exception.path("message").asString()).isEqualTo("503@1700000000.124456@slow down");
  }

  private static List<String> exceptions(String language, String trace) {
    JsonNode document =
        Otlp.server()
            .resource("telemetry.sdk.language", language)
            .exception("E", "m", trace)
            .document();
    var found = new ArrayList<String>();
    JsonNode exceptions = document.at("/cause/exceptions");
    for (int i = 0; i < exceptions.size(); i++) {
      JsonNode exception = exceptions.path(i);
      var text = new StringBuilder(exception.path("type").asString());
      text.append(": ").append(exception.path("message").asString("")).append(' ');
      for (JsonNode frame : exception.path("stack")) {
        text.append('[').append(frame.path("label").asString("")).append(' ');
        text.append(frame.path("path").asString("")).append(' ');
        text.append(frame.path("line").asInt(0)).append(']');
      }
      found.add(text.toString());
      JsonNode next = exceptions.path(i + 1).path("id");
      assertThat(exception.path("cause").asString("")).isEqualTo(next.asString(""));
    }
    return found;
  }
}
