package io.raybridge.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key of a component's configuration, on the record component it is bound to. The key's name is
 * the Java name in snake case unless {@link #name()} says otherwise. From these annotations come
 * binding, validation, the editor schema and the tables in the READMEs.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /** What the key means, with its unit. One or two sentences for users. */
  String doc();

  /**
   * The default, spelled as a user would in YAML. Without one the key is required, unless its type
   * is an Optional, List, Map or record.
   */
  String def() default NONE;

  /** The name in YAML where it is not the Java name in snake case. */
  String name() default "";

  /** The smallest number allowed. A duration is never negative, and has no other bounds. */
  long min() default Long.MIN_VALUE;

  /** The largest number allowed. */
  long max() default Long.MAX_VALUE;

  /**
   * Not empty: the key is accepted for compatibility, does nothing, and this says why. The user
   * gets it as a warning, unless the value is the default.
   */
  String noEffect() default "";

  /**
   * Not empty: the Go component has this key and this component not yet. Setting it to anything but
   * its default is an error that says so. A component only made for such a key is an {@code
   * Optional<Object>}, or better none: see {@link Absent}.
   */
  String notYet() default "";

  /**
   * What an extension must offer whose id is this key's value: {@link ExtensionFactory#offers()}.
   * That there is one that runs is checked with the configuration.
   */
  Class<?> extension() default void.class;

  /**
   * Whether an empty text is a value of its own where the key may be left out. Else it is none, as
   * in Go, where {@code role_arn: ""} and nothing are one.
   */
  boolean mayBeEmpty() default false;

  /** The absence of a default. */
  String NONE = "\0";
}
