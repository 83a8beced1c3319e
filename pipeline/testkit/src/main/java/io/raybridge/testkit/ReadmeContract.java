package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Descriptor;
import io.raybridge.config.Binder;
import io.raybridge.config.Binding;
import io.raybridge.config.KeyTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds a component's README to its code: what its YAML blocks say of the component binds without
 * problem or warning, and the table of keys is the one that the configuration record makes. {@code
 * -Ddocs.write=true} writes the table instead of complaining about it.
 *
 * <p>A README for several components has one table each, between {@code <!-- keys TYPE -->} and
 * {@code <!-- /keys -->}; for one alone the type may be left out.
 */
public final class ReadmeContract {
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");
  private static final String END = "<!-- /keys -->";

  private ReadmeContract() {}

  /** Checks README.md in the folder that the tests run in, which is the module's. */
  public static void check(ComponentFactory<?> factory) {
    check(factory, Path.of("README.md"));
  }

  /** Checks one file. */
  public static void check(ComponentFactory<?> factory, Path readme) {
    try {
      String text = Files.readString(readme);
      examplesBind(factory, text, readme);
      tableIsFresh(factory.descriptor(), text, readme);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <C extends Record> void examplesBind(
      ComponentFactory<C> factory, String text, Path readme) {
    List<ComponentId> found = new ArrayList<>();
    for (Matcher block = YAML.matcher(text); block.find(); ) {
      Map<ComponentId, Binding<C>> bindings = Binder.bindAll(factory, block.group(1), Map.of());
      bindings.forEach((id, binding) -> {
        found.add(id);
        assertThat(binding.problems())
            .as("problems of %s in the example of %s:%n%s", id, readme, block.group(1))
            .isEmpty();
        assertThat(binding.warnings())
            .as("warnings of %s in the example of %s:%n%s", id, readme, block.group(1))
            .isEmpty();
      });
    }
    assertThat(found)
        .as("examples of %s in the yaml blocks of %s", factory.descriptor().type(), readme)
        .isNotEmpty();
  }

  private static void tableIsFresh(Descriptor<?> descriptor, String text, Path readme)
      throws IOException {
    String start = "<!-- keys " + descriptor.type() + " -->";
    if (!text.contains(start)) {
      start = "<!-- keys -->";
    }
    int from = text.indexOf(start);
    int to = text.indexOf(END, Math.max(from, 0));
    assertThat(from >= 0 && to >= 0)
        .as("%s has the markers %s and %s, each on a line of its own", readme, start, END)
        .isTrue();
    String table = "\n" + KeyTable.of(descriptor.config());
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(
          readme, text.substring(0, from + start.length()) + table + text.substring(to));
      return;
    }
    assertThat(text.substring(from + start.length(), to))
        .as("the table of keys in %s; -Ddocs.write=true writes it", readme)
        .isEqualTo(table);
  }
}
