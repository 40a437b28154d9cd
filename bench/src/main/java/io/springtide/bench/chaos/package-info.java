/** {@code tide chaos}: a cluster of real processes, what is done to them, and what must hold all the while. */
@NullMarked
package io.springtide.bench.chaos;

import org.jspecify.annotations.NullMarked;
