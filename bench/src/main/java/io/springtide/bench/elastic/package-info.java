/** How soon more instances serve: when a flood is noticed, when what is frozen goes on, when what is not there is started. */
@NullMarked
package io.springtide.bench.elastic;

import org.jspecify.annotations.NullMarked;
