/** Generated work for placement cores: machines, and what is to run on them in which order. */
@NullMarked
package io.springtide.bench.placement.work;

import org.jspecify.annotations.NullMarked;
