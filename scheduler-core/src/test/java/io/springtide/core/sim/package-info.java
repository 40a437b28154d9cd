/** The core in a world of simulated agents, faults and time. */
@NullMarked
package io.springtide.core.sim;

import org.jspecify.annotations.NullMarked;
