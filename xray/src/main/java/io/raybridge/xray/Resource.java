package io.raybridge.xray;

import io.raybridge.data.view.AttributesView;
import io.raybridge.xray.JsonWriter.Cached;
import java.util.Arrays;

/**
 * What all segments of one OTLP resource have in common, made once and copied into each: origin,
 * the aws block's part about where the service runs, its version, its attributes as metadata and
 * annotations.
 */
final class Resource {
  static final byte[] PREFIX = Ascii.bytes("otel.resource.");

  /** Members of the document itself: origin, resource_arn, service. */
  final Cached head = new Cached();

  /** Members of the aws block. */
  final Cached aws = new Cached();

  /** Members of annotations. */
  final Cached annotations = new Cached();

  /** Members of metadata.default. */
  final Cached metadata = new Cached();

  int annotationCount;

  /** The stack traces' language, by the SDK's word. */
  StackTraces.Language language = StackTraces.Language.UNKNOWN;

  /** Annotation keys that are not the attributes' own. */
  final Notes renames = new Notes();

  boolean untoldFunction;
  byte[] name = new byte[0];
  private final AttributesView attributes;
  private byte[] read = new byte[0];
  private int readLength = -1;

  /**
   * @param attributes the walk's, which are this resource's while it is the walk's present one
   */
  Resource(AttributesView attributes) {
    this.attributes = attributes;
  }

  /** Whether it was made of exactly these bytes. */
  boolean is(byte[] bytes, int offset, int length) {
    return length == readLength && Arrays.equals(read, 0, length, bytes, offset, offset + length);
  }

  /** It is made anew; of nothing, if that fails. */
  void forget() {
    readLength = -1;
    annotationCount = 0;
    renames.clear();
  }

  void madeOf(byte[] bytes, int offset, int length) {
    if (read.length < length) read = new byte[length * 2];
    System.arraycopy(bytes, offset, read, 0, length);
    readLength = length;
  }

  AttributesView attributes() {
    return attributes;
  }

  /** service.name, empty when there is none. */
  byte[] serviceName() {
    return name;
  }

  /**
   * Whether it is a Lambda function that does not say which: only its invocations know, so SDKs
   * have its ARN on their spans.
   */
  boolean isUntoldFunction() {
    return untoldFunction;
  }

  /** Where the resource has the attribute that metadata calls by this key, or -1. */
  int findPrefixed(byte[] key, int offset, int length) {
    if (!isPrefixed(key, offset, length)) return -1;
    return attributes.find(key, offset + PREFIX.length, length - PREFIX.length);
  }

  static boolean isPrefixed(byte[] key, int offset, int length) {
    return Ascii.startsWith(key, offset, length, PREFIX);
  }
}
