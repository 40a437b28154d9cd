/** Marathon's definitions by other people, held against a running master, a line each. */
@NullMarked
package io.springtide.bench.conformance;

import org.jspecify.annotations.NullMarked;
