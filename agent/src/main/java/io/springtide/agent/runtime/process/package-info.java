/** Runs tasks as plain processes, by means that every Debian has. */
@NullMarked
package io.springtide.agent.runtime.process;

import org.jspecify.annotations.NullMarked;
