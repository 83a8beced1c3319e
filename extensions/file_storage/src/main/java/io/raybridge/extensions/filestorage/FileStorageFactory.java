package io.raybridge.extensions.filestorage;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Storage;
import java.util.Set;

/** Makes {@code file_storage}. */
public final class FileStorageFactory implements ExtensionFactory<FileStorageConfig> {
  @Override
  public Descriptor<FileStorageConfig> descriptor() {
    return Descriptor.of("file_storage", FileStorageConfig.class, Descriptor.Stability.ALPHA);
  }

  @Override
  public Extension create(FileStorageConfig config, Context context) {
    return new FileStorage(config, context);
  }

  @Override
  public Set<Class<?>> offers() {
    return Set.of(Storage.class);
  }
}
