package io.raybridge.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What was in a file, so that a later look can tell whether it has changed. Of contents and not of
 * times: a mounted volume may bring new contents with an old time.
 *
 * @param digest of the contents; empty if they could not be read
 */
public record Stamp(String digest) {
  static final Stamp UNREADABLE = new Stamp("");

  /** What is in a file now. */
  public static Stamp of(Path file) {
    try {
      return of(Files.readAllBytes(file));
    } catch (IOException e) {
      return UNREADABLE;
    }
  }

  static Stamp of(byte[] bytes) {
    try {
      return new Stamp(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
