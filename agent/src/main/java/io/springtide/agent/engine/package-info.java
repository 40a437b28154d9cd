/** What the agent decides: a state machine without disk, clock, network or thread. */
@NullMarked
package io.springtide.agent.engine;

import org.jspecify.annotations.NullMarked;
