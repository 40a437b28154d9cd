/** Health checks of the instances on this machine. */
@NullMarked
package io.springtide.agent.health;

import org.jspecify.annotations.NullMarked;
