/** What starts, watches and ends a task: plain processes or containers, behind one interface. */
@NullMarked
package io.springtide.agent.runtime;

import org.jspecify.annotations.NullMarked;
