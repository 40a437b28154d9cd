/** Placement cores behind one door, ours and others', and the check of what they answer. */
@NullMarked
package io.springtide.bench.placement.engine;

import org.jspecify.annotations.NullMarked;
