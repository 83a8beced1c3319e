package io.raybridge.config;

/**
 * Where something stands in a configuration.
 *
 * @param file the file as it was named by the user, or what stands for one, such as {@code --set}
 * @param line from 1
 * @param column from 1, in code points
 */
public record Place(String file, int line, int column) {
  static Place start(String file) {
    return new Place(file, 1, 1);
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
