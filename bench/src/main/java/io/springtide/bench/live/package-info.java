/** Runs against a real cluster: a master and agents as processes of their own on this machine. */
@NullMarked
package io.springtide.bench.live;

import org.jspecify.annotations.NullMarked;
