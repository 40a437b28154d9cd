/** The pure core: a state, the facts that change it, and the rules that decide them. */
@NullMarked
package io.springtide.core;

import org.jspecify.annotations.NullMarked;
