package io.raybridge.distribution;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Kind;
import io.raybridge.config.Schema;
import io.raybridge.data.Signal;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raybridge components}: what is built in, as YAML in the Go collector's form. */
@Command(
    name = "components",
    description = "Lists the components built in: type, signals, stability.",
    mixinStandardHelpOptions = true)
final class ComponentsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = "--schema",
      description = "Prints the JSON schema of configurations instead, for editors.")
  private boolean schema;

  ComponentsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    PrintWriter out = surroundings.out();
    List<ComponentFactory<?>> factories = surroundings.factories().get();
    if (schema) {
      out.print(Schema.of(factories));
    } else {
      print(factories, out);
    }
    out.flush();
    return 0;
  }

  private static void print(List<ComponentFactory<?>> factories, PrintWriter out) {
    out.print("buildinfo:\n  command: raybridge\n  version: " + Version.text() + "\n");
    for (Kind kind : Kind.values()) {
      List<Descriptor<?>> descriptors = descriptors(kind, factories);
      out.print(kind.section() + ":" + (descriptors.isEmpty() ? " []\n" : "\n"));
      descriptors.forEach(descriptor -> print(kind, descriptor, out));
    }
  }

  private static List<Descriptor<?>> descriptors(Kind kind, List<ComponentFactory<?>> factories) {
    return factories.stream()
        .filter(factory -> Kind.of(factory) == kind)
        .<Descriptor<?>>map(ComponentFactory::descriptor)
        .sorted(Comparator.comparing(Descriptor::type))
        .toList();
  }

  private static void print(Kind kind, Descriptor<?> descriptor, PrintWriter out) {
    out.print("  - name: " + descriptor.type() + "\n");
    if (!descriptor.aliases().isEmpty()) {
      out.print("    aliases: [" + String.join(", ", descriptor.aliases()) + "]\n");
    }
    out.print("    stability:\n");
    String stability = descriptor.stability().name();
    String word = stability.charAt(0) + stability.substring(1).toLowerCase(Locale.ROOT);
    if (descriptor.signals().isEmpty()) {
      out.print("      " + kind.word() + ": " + word + "\n");
    }
    for (Signal signal : Signal.values()) {
      if (descriptor.signals().contains(signal)) {
        out.print("      " + signal.key() + ": " + word + "\n");
      }
    }
  }
}
