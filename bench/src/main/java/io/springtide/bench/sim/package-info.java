/** A cluster of the production code in one thread, with a clock, a network, disks and a store that fail by seed. */
@NullMarked
package io.springtide.bench.sim;

import org.jspecify.annotations.NullMarked;
