package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/from-adot.md says that validate says. {@code -Ddocs.write=true} writes it. */
class FromAdotTest {
  private static final Path PAGE = Path.of("../docs/from-adot.md");
  private static final String COMMAND = "$ raybridge validate --config adot.yaml\n";

  @TempDir Path dir;

  @Test
  void configurationOfThePage_isJudgedAsThePageSays() throws IOException {
    String page = Files.readString(PAGE);
    String yaml = between(page, "```yaml\n", "```");
    Path file = Files.writeString(dir.resolve("adot.yaml"), yaml);
    var err = new StringWriter();
    var around =
        new Surroundings(
            Map.of(),
            BuiltIn::factories,
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true));

    int code =
        Raybridge.execute(around, (_, _, _, _, _) -> 2, "validate", "--config", file.toString());

    assertThat(code).isEqualTo(1);
    String said = err.toString().replace(dir + "/", "");
    String printed = between(page, COMMAND, "```");
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.replace(COMMAND + printed, COMMAND + said));
      return;
    }
    assertThat(printed).isEqualTo(said);
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
