/** The door to all benchmarks: {@code tide bench}. */
@NullMarked
package io.springtide.bench;

import org.jspecify.annotations.NullMarked;
