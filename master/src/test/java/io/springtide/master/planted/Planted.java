package io.springtide.master.planted;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a violation of one of the layers test's rules. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Planted {

    /** The rule that has to see it. */
    String rule();

    /** The package of the master that the class is to be taken for a member of. */
    String room();
}
