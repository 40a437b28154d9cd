/** Runs tasks as containers of a Docker daemon on this machine, over the Docker Engine API. */
@NullMarked
package io.springtide.agent.runtime.docker;

import org.jspecify.annotations.NullMarked;
