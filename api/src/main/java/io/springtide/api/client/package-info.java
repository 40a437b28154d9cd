/** A small Java client of the master's REST interface: blocking calls, a JSON tree, the event stream. */
@NullMarked
package io.springtide.api.client;

import org.jspecify.annotations.NullMarked;
