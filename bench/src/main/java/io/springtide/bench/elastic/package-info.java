/** How soon a flood is noticed, what is frozen serves, and what is not there is started and serves. */
@NullMarked
package io.springtide.bench.elastic;

import org.jspecify.annotations.NullMarked;
