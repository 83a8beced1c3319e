package io.raybridge.extensions.localxray;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.local.LocalXray;
import io.raybridge.local.store.StoreSettings;
import java.io.IOException;

/** Runs the local X-Ray as long as the collector runs. */
final class LocalXrayExtension implements Extension {
  private final LocalXray xray;
  private final Context context;
  private final StoreSettings settings;

  LocalXrayExtension(LocalXrayConfig config, Context context) {
    this.context = context;
    settings = config.store(context.dataDir());
    xray = new LocalXray(context, config.endpoint(), settings);
  }

  @Override
  public void start() throws IOException {
    xray.start();
    context.log().log(
        System.Logger.Level.INFO,
        "serving X-Ray on port " + xray.port() + ", keeping traces in " + settings.directory());
  }

  @Override
  public void stop(Deadline deadline) throws IOException, InterruptedException {
    xray.stop(deadline);
  }
}
