package io.raybridge.engine;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * The process's signals. The JVM's own way, a shutdown hook, ends with exit code 143 whatever the
 * hook did and swallows a second signal.
 */
final class Signals {
  private Signals() {}

  /**
   * Calls back with a signal's name whenever it comes.
   *
   * <p>Through reflection, because the compiler's warning about sun.misc.Signal cannot be
   * suppressed and warnings are errors here. Where a JVM lets nobody have the signal (it does so
   * with {@code -Xrs}), its own handling stays.
   */
  static void on(String name, Consumer<String> action) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var callback =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, _) -> {
                if (!method.getName().equals("handle")) {
                  throw new UnsupportedOperationException(method.getName());
                }
                action.accept(name);
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), callback);
    } catch (ReflectiveOperationException e) {
      System.getLogger("raybridge")
          .log(System.Logger.Level.DEBUG, "cannot handle SIG" + name + ": " + e);
    }
  }
}
