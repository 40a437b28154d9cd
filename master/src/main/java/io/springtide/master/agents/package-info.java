/** The gateway to the agents: their streams, and the orders that go down them. */
@NullMarked
package io.springtide.master.agents;

import org.jspecify.annotations.NullMarked;
