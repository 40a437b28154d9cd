/** How fast the stores that masters share make facts durable. */
@NullMarked
package io.springtide.bench.store;

import org.jspecify.annotations.NullMarked;
