/** Bugs that are planted to see whether the simulator finds them; nothing that ships can reach them. */
@NullMarked
package io.springtide.bench.sim.mutant;

import org.jspecify.annotations.NullMarked;
