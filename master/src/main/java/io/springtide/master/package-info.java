/** The master: the ring, the journal, the gateway to agents, and the REST server around the pure core. */
@NullMarked
package io.springtide.master;

import org.jspecify.annotations.NullMarked;
