/** From one container to a hundred: Springtide, beside the engine without any scheduler and beside Docker Swarm. */
@NullMarked
package io.springtide.bench.containers;

import org.jspecify.annotations.NullMarked;
