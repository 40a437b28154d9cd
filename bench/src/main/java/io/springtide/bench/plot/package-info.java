/** Charts as SVG. */
@NullMarked
package io.springtide.bench.plot;

import org.jspecify.annotations.NullMarked;
