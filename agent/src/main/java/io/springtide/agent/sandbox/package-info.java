/** The folders that tasks run in, and their logs. */
@NullMarked
package io.springtide.agent.sandbox;

import org.jspecify.annotations.NullMarked;
