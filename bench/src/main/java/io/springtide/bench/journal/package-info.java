/** How fast the journal makes facts durable. */
@NullMarked
package io.springtide.bench.journal;

import org.jspecify.annotations.NullMarked;
