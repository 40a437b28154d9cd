/** Replays traces of GPU clusters, beside figures that others have published for them. */
@NullMarked
package io.springtide.bench.placement.replay;

import org.jspecify.annotations.NullMarked;
