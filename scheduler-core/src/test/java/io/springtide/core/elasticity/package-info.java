/** Tests of what decides on counts. */
@NullMarked
package io.springtide.core.elasticity;

import org.jspecify.annotations.NullMarked;
