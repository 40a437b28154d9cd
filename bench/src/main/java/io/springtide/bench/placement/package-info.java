/** How fast the core places what a flood asks for. */
@NullMarked
package io.springtide.bench.placement;

import org.jspecify.annotations.NullMarked;
