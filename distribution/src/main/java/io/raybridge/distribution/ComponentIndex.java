package io.raybridge.distribution;

import io.raybridge.api.ComponentFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The factories' names, noted beside the start cache when that is recorded. To find them anew opens
 * every JAR of the class path, a fifth of a start, while all classes come from the cache. It counts
 * only for the class path that it was noted for: who adds a JAR is found as ever.
 */
final class ComponentIndex {
  /** The system property that says where it is. */
  static final String FILE = "raybridge.components";

  private final Path file;
  private final String classPath;

  ComponentIndex(Path file, String classPath) {
    this.file = file;
    this.classPath = described(classPath);
  }

  /** That of this process, if the launcher said where it is. */
  static Optional<ComponentIndex> ofProcess() {
    @Nullable String file = System.getProperty(FILE);
    return file == null
        ? Optional.empty()
        : Optional.of(new ComponentIndex(Path.of(file), System.getProperty("java.class.path", "")));
  }

  /** As the start cache knows it: by names, sizes and times, wherever the folder lies. */
  private static String described(String classPath) {
    var text = new StringBuilder();
    for (String entry : classPath.split(":", -1)) {
      var jar = new File(entry);
      text.append(jar.getName()).append(' ').append(jar.length());
      text.append(' ').append(jar.lastModified()).append(':');
    }
    return text.toString();
  }

  /** The factories in their order, or empty if it is not there or is for another class path. */
  Optional<List<ComponentFactory<?>>> factories() {
    List<ComponentFactory<?>> factories = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < 2 || !lines.getFirst().equals(classPath)) return Optional.empty();
      for (String name : lines.subList(1, lines.size())) {
        var made = Class.forName(name).getDeclaredConstructor().newInstance();
        factories.add((ComponentFactory<?>) made);
      }
      return Optional.of(factories);
    } catch (IOException | ReflectiveOperationException | ClassCastException e) {
      return Optional.empty();
    }
  }

  void write(List<ComponentFactory<?>> factories) throws IOException {
    List<String> lines = new ArrayList<>(List.of(classPath));
    factories.forEach(factory -> lines.add(factory.getClass().getName()));
    Files.write(file, lines);
  }
}
