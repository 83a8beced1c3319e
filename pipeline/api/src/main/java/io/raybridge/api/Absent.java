package io.raybridge.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keys of the Go component that a configuration record has no component for, so that they are
 * refused or waved through by name. Exactly one of the two reasons is given.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Absent.All.class)
public @interface Absent {
  /** The keys, as in YAML. */
  String[] keys();

  /** Accepted with a warning that says this: why it does nothing here. */
  String noEffect() default "";

  /** Refused with an error that says this: what to do instead. */
  String notYet() default "";

  /** Holds several. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    Absent[] value();
  }
}
