package io.raybridge.config;

/**
 * Where something stands in a configuration.
 *
 * @param file the file as it was named by the user, or what stands for one, such as {@code --set}
 * @param line from 1; 0 when something is to be said of the whole file
 * @param column from 1, in code points
 */
public record Place(String file, int line, int column) {
  static Place whole(String file) {
    return new Place(file, 0, 0);
  }

  static Place start(String file) {
    return new Place(file, 1, 1);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
