package io.raybridge.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The spelling of an enum constant in a configuration, where it is not the constant's name in lower
 * case. The first is the one that documents and messages print, the others are accepted as well.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Named {
  String[] value();
}
