/** What the agent remembers across its own death. */
@NullMarked
package io.springtide.agent.checkpoint;

import org.jspecify.annotations.NullMarked;
