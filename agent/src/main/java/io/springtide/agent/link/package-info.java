/** The connection to the master. */
@NullMarked
package io.springtide.agent.link;

import org.jspecify.annotations.NullMarked;
