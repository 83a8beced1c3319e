package io.raybridge.data;

import io.raybridge.data.view.SpanWalk;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a span belongs to, as bytes: all of its ResourceSpans and its ScopeSpans but the spans.
 * Equal where these bytes are.
 */
public final class Envelope {
  final byte[] resource;
  final byte[] scope;
  private final int hash;

  private Envelope(byte[] resource, byte[] scope) {
    this.resource = resource;
    this.scope = scope;
    this.hash = 31 * Arrays.hashCode(resource) + Arrays.hashCode(scope);
  }

  /** That of the walk's present span. */
  public static Envelope of(SpanWalk walk) {
    return of(
        walk.bytes(), walk.resourceBegin(), walk.resourceEnd(), walk.scopeBegin(), walk.scopeEnd());
  }

  /** The same from the places of a ResourceSpans' and a ScopeSpans' fields, as a walk gave them. */
  public static Envelope of(
      byte[] bytes, int resourceBegin, int resourceEnd, int scopeBegin, int scopeEnd) {
    return new Envelope(
        withoutSpans(bytes, resourceBegin, resourceEnd), withoutSpans(bytes, scopeBegin, scopeEnd));
  }

  /** In both messages, the spans have the same field number. */
  private static byte[] withoutSpans(byte[] bytes, int begin, int end) {
    var in = new ProtoReader(bytes, begin);
    var fields = new UnknownFields(bytes, begin, begin);
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      in.skip(tag);
      if (tag != (2 << 3 | 2)) fields.add(bytes, start, in.at);
    }
    return fields.toArray();
  }

  /** How many bytes it keeps. */
  public int sizeBytes() {
    return resource.length + scope.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Envelope that
        && hash == that.hash
        && Arrays.equals(resource, that.resource)
        && Arrays.equals(scope, that.scope);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
