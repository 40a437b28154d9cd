/** The agent: runs what the master wants to run on this machine, and keeps it running when nobody listens. */
@NullMarked
package io.springtide.agent;

import org.jspecify.annotations.NullMarked;
