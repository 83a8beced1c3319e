import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Formats every Java source below a folder, or checks that it is formatted.
 *
 * <p>Run by the root pom with the JDK 25 of the toolchain, because a formatter inside Maven's own
 * JVM (which may be 17) cannot parse record patterns.
 */
public final class Format {
  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    List<Path> sources;
    try (var files = Files.walk(Path.of(args[1]))) {
      sources =
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> !f.toString().contains("/target/"))
              .sorted()
              .toList();
    }
    var wrong = sources.parallelStream().filter(f -> differs(f, write)).toList();
    if (wrong.isEmpty()) return;
    if (write) {
      System.out.println("formatted " + wrong.size() + " of " + sources.size() + " files");
      return;
    }
    wrong.forEach(f -> System.err.println("not formatted: " + f));
    System.err.println("run: mvn -q -N validate -Dformat=write");
    System.exit(1);
  }

  private static boolean differs(Path file, boolean write) {
    try {
      String before = Files.readString(file);
      String after =
          new Formatter(JavaFormatterOptions.defaultOptions())
              .formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(before, JavaFormatterOptions.Style.GOOGLE)));
      if (after.equals(before)) return false;
      if (write) Files.writeString(file, after);
      return true;
    } catch (Exception e) {
      System.err.println(file + ": " + e.getMessage());
      return !write;
    }
  }
}
