package io.raybridge.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The gauges of one instance of a component. They show from the moment it runs until it is gone, so
 * that an instance that was made and never ran does not hide the one that runs under its name.
 */
final class Gauges {
  private final List<Gauge> all = new ArrayList<>();
  private boolean shown;

  /** A value under a name and labels, of which there may be one at a time. */
  interface Gauge {
    /** Takes the place of whichever gauge was there. */
    void show();

    /** Goes, if it is the one that is there. */
    void hide();
  }

  synchronized void add(Gauge gauge) {
    all.add(gauge);
    if (shown) gauge.show();
  }

  synchronized void show() {
    shown = true;
    all.forEach(Gauge::show);
  }

  synchronized void hide() {
    shown = false;
    all.forEach(Gauge::hide);
  }
}
