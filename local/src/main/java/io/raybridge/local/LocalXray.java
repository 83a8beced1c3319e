package io.raybridge.local;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.local.api.LocalApi;
import io.raybridge.local.store.StoreException;
import io.raybridge.local.store.StoreSettings;
import io.raybridge.local.store.TraceStore;
import io.raybridge.transport.Endpoint;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** X-Ray on this machine: a store of traces and metrics behind one HTTP port. */
public final class LocalXray {
  /** What 50 documents of 64 KiB come to as JSON within JSON, and a volume's headroom bears. */
  private static final long MAX_BODY = 5 << 20;

  private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(1);

  private final Context context;
  private final String endpoint;
  private final StoreSettings settings;
  private @Nullable TraceStore store;
  private @Nullable HttpServer server;
  private @Nullable Thread expiry;

  /**
   * @param endpoint {@code host:port} to serve at
   */
  public LocalXray(Context context, String endpoint, StoreSettings settings) {
    this.context = context;
    this.endpoint = endpoint;
    this.settings = settings;
  }

  /**
   * Opens the store and the port; the message of what it throws names the one it could not have.
   */
  public void start() throws IOException {
    TraceStore opened = TraceStore.open(settings, context.clock());
    store = opened;
    String host = Endpoint.parse(endpoint).host();
    var api = new LocalApi(opened, context.clock(), host, loopback(host), context.log());
    try {
      server = HttpServer.start(context, "http", endpoint, config(), HttpTimeouts.DEFAULT, api);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    expiry = Thread.ofVirtual().name(context.id() + " expiry").start(() -> expire(opened));
  }

  private static boolean loopback(String host) throws UnknownHostException {
    return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
  }

  private static HttpServerConfig config() {
    return new HttpServerConfig(
        "tcp", Optional.empty(), Optional.empty(), MAX_BODY, Map.of(), List.of(), Duration.ZERO);
  }

  private void expire(TraceStore opened) {
    try {
      while (true) {
        context.clock().sleep(EXPIRY_INTERVAL);
        expireOnce(opened);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void expireOnce(TraceStore opened) {
    try {
      opened.expire();
    } catch (StoreException e) {
      context.log().log(System.Logger.Level.WARNING, e.getMessage());
    }
  }

  /** The port served at; of interest when the endpoint left the choice to the system. */
  public int port() {
    HttpServer open = server;
    return open == null ? 0 : open.port();
  }

  /** Lets requests in flight finish, then closes the store. Safe without a start, and twice. */
  public void stop(Deadline deadline) throws IOException, InterruptedException {
    if (server != null) server.stop(deadline);
    server = null;
    if (expiry != null) {
      expiry.interrupt();
      expiry.join();
    }
    expiry = null;
    if (store != null) store.close();
    store = null;
  }
}
