package io.raybridge.transport;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.raybridge.data.ClientMetadata;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The header fields of a request; names are the same in any case. */
public final class Headers {
  private final HttpHeaders fields;

  Headers(HttpHeaders fields) {
    this.fields = fields;
  }

  /** Header fields given as name, value, name, value. */
  public static Headers of(String... namesAndValues) {
    HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Headers(fields);
  }

  /** The first value of a field, or null without one. */
  public @Nullable String first(String name) {
    return fields.get(name);
  }

  /** All values of a field. */
  public List<String> all(String name) {
    return fields.getAll(name);
  }

  /** All of them beside a batch. */
  public ClientMetadata metadata() {
    return ClientMetadata.of(fields.names(), fields::getAll);
  }

  /** The names of all fields, as the client spelled them. */
  public Set<String> names() {
    return fields.names();
  }
}
