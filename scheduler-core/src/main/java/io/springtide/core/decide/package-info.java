/** The rules: what follows from a command, given the state. Nothing in here changes the state. */
@NullMarked
package io.springtide.core.decide;

import org.jspecify.annotations.NullMarked;
