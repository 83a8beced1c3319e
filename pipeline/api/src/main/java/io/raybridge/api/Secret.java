package io.raybridge.api;

/** A value that must never be printed: it prints as stars. */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "****";
  }
}
