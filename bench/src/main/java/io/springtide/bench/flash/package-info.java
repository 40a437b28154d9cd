/** A flash sale: a shop, the crowd that storms it, and what became of both. */
@NullMarked
package io.springtide.bench.flash;

import org.jspecify.annotations.NullMarked;
