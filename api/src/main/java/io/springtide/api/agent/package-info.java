/** The agent protocol: its generated messages, and the names that master and agent must build alike. */
@NullMarked
package io.springtide.api.agent;

import org.jspecify.annotations.NullMarked;
