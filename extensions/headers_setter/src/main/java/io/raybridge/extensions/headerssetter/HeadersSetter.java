package io.raybridge.extensions.headerssetter;

import io.raybridge.api.Extension;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Secret;
import io.raybridge.data.ClientMetadata;
import io.raybridge.extensions.headerssetter.HeadersSetterConfig.Action;
import io.raybridge.extensions.headerssetter.HeadersSetterConfig.Header;
import io.raybridge.transport.client.HeaderAuthenticator;
import io.raybridge.transport.client.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets header fields of requests, to values of its own or to those that the client sent. */
final class HeadersSetter implements Extension, HeaderAuthenticator {
  private final List<Header> headers;
  private final MetadataKeys wants;

  HeadersSetter(HeadersSetterConfig config) {
    headers = config.headers();
    wants =
        new MetadataKeys(headers.stream().flatMap(each -> each.fromContext().stream()).toList());
  }

  @Override
  public MetadataKeys wants() {
    return wants;
  }

  @Override
  public HeaderAuthenticator of(@Nullable ClientMetadata client) {
    return new OfClient(headers, client);
  }

  @Override
  public Map<String, String> proof() throws AuthenticationException {
    return of(null).proof();
  }

  @Override
  public boolean isCredentials() {
    return false;
  }

  static boolean isPrintable(String value) {
    return value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t');
  }

  /** With what one client sent. */
  private record OfClient(List<Header> headers, @Nullable ClientMetadata client)
      implements HeaderAuthenticator {
    /** gRPC has no other fields to act upon than these. */
    @Override
    public Map<String, String> proof() throws AuthenticationException {
      var fields = new LinkedHashMap<String, String>();
      for (var each : headers) {
        String name = each.key().toLowerCase(Locale.ROOT);
        if (isDue(each.action(), fields.containsKey(name))) fields.put(name, value(each));
        else if (each.action() == Action.DELETE) fields.remove(name);
      }
      return fields;
    }

    @Override
    public void authenticate(HttpRequest request) throws AuthenticationException {
      for (var each : headers) {
        boolean there = request.headers().get(each.key()) != null;
        if (isDue(each.action(), there)) request.headers().set(each.key(), value(each));
        else if (each.action() == Action.DELETE) request.headers().remove(each.key());
      }
    }

    private static boolean isDue(Action action, boolean there) {
      return switch (action) {
        case INSERT -> !there;
        case UPDATE -> there;
        case UPSERT -> true;
        case DELETE -> false;
      };
    }

    private String value(Header header) throws AuthenticationException {
      if (header.fromContext().isEmpty()) return header.value().map(Secret::reveal).orElse("");
      String name = header.fromContext().get();
      var values = client == null ? List.<String>of() : client.get(name);
      if (values.isEmpty()) return header.defaultValue().map(Secret::reveal).orElse("");
      if (values.size() > 1) {
        throw new AuthenticationException(
            "the client sent " + values.size() + " fields " + name + " (expected: one)", null);
      }
      if (!isPrintable(values.getFirst())) {
        throw new AuthenticationException(
            "the client's field " + name + " has a character that no header bears", null);
      }
      return values.getFirst();
    }
  }
}
