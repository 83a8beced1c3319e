package io.raybridge.transport.client;

import java.util.Objects;

/** A part of an array, handed on without copying it. Who hands it on leaves the bytes alone. */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Slice(byte[] array, int offset, int length) {
  public Slice {
    Objects.checkFromIndexSize(offset, length, array.length);
  }

  /** The whole array. */
  public static Slice of(byte[] array) {
    return new Slice(array, 0, array.length);
  }
}
