/** Brings artifacts into a task's sandbox. */
@NullMarked
package io.springtide.agent.fetch;

import org.jspecify.annotations.NullMarked;
