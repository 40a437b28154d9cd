/** Tests of the Docker runtime, most of them against a real daemon. */
@NullMarked
package io.springtide.agent.runtime.docker;

import org.jspecify.annotations.NullMarked;
