package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/from-adot.md says that validate says. {@code -Ddocs.write=true} writes it. */
class FromAdotTest {
  private static final Path PAGE = Path.of("../docs/from-adot.md");
  private static final String COMMAND = "$ raybridge validate --config adot.yaml\n";

  private static final String MARK = "<!-- components -->\n";

  @TempDir Path dir;

  @Test
  void configurationOfThePage_isJudgedAsThePageSays() throws IOException {
    String page = Files.readString(PAGE);
    String yaml = between(page, "```yaml\n", "```");

    String said = refused(yaml);

    String printed = between(page, COMMAND, "```");
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.replace(COMMAND + printed, COMMAND + said));
      return;
    }
    assertThat(printed).isEqualTo(said);
  }

  @Test
  void componentsOfThePage_areThoseBuiltInAndThoseThatAreNot() throws IOException {
    String page = Files.readString(PAGE);
    String table = components();
    String printed = between(page, MARK, "<!-- /components -->");
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.replace(MARK + printed, MARK + table));
      return;
    }
    assertThat(printed).isEqualTo(table);
  }

  private static String components() throws IOException {
    var here = new TreeMap<Kind, Set<String>>();
    var adots = new TreeMap<Kind, Set<String>>();
    for (var factory : BuiltIn.factories()) {
      var names = here.computeIfAbsent(Kind.of(factory), _ -> new TreeSet<>());
      names.add(factory.descriptor().type());
      names.addAll(factory.descriptor().aliases());
    }
    try (var list = Kind.class.getResourceAsStream("/io/raybridge/config/elsewhere.txt")) {
      for (String line : new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] parts = line.split(" ", 4);
        if (line.startsWith("#") || !parts[2].equals("ADOT")) continue;
        var kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
        adots.computeIfAbsent(kind, _ -> new TreeSet<>()).add(parts[1]);
      }
    }
    var table = new StringBuilder("| kind | built in | not built in yet |\n|---|---|---|\n");
    adots.forEach((kind, types) -> {
      var missing = new TreeSet<>(types);
      missing.removeAll(here.get(kind));
      types.removeAll(missing);
      table.append("| %s | %s | %s |\n".formatted(kind.section(), listed(types), listed(missing)));
    });
    return table.toString();
  }

  private static String listed(Set<String> types) {
    return types.stream().map(type -> "`" + type + "`").collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exporters.awsxray.sending_queue.storage | {awsxray: {sending_queue: {storage: %s}}}"
            + " | {batch: }",
        "processors.batch.storage | {awsxray: } | {batch: {storage: %s}}",
        "processors.tail_sampling.tail_storage | {awsxray: } | {tail_sampling: {tail_storage: %s,"
            + " policies: [{name: a, type: always_sample}]}}",
        "processors.xray_sampling.storage | {awsxray: } | {xray_sampling: {storage: %s}}",
      })
  void storageThatKeepsNothing_isFoundBeforeAStart(String path, String exporters, String processors)
      throws IOException {
    String yaml =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        processors: %s
        exporters: %s
        extensions: {health_check: , file_storage: }
        service:
          extensions: [health_check]
          pipelines: {traces: {receivers: [otlp], processors: [%s], exporters: [awsxray]}}
        """;

    String processor = processors.substring(1, processors.indexOf(':'));
    String whole = yaml.formatted(processors, exporters, processor);

    assertThat(refused(whole.replace("%s", "file_storage/q")))
        .contains(path + ": no extension \"file_storage/q\" is configured");
    assertThat(refused(whole.replace("%s", "file_storage")))
        .contains(path + ": extension \"file_storage\" does not run");
    assertThat(refused(whole.replace("%s", "health_check")))
        .contains(path + ": extension \"health_check\" is of no use here");
  }

  private String refused(String yaml) throws IOException {
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
    return err.toString().replace(dir + "/", "");
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
