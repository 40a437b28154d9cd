/** Runs instances on a runtime that knows tasks only: of apps, and of pods with their containers. */
@NullMarked
package io.springtide.agent.runtime.pod;

import org.jspecify.annotations.NullMarked;
