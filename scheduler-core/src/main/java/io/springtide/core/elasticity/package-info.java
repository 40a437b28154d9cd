/** How many instances an app is to have as its load changes: what people say of it, and what follows from it. */
@NullMarked
package io.springtide.core.elasticity;

import org.jspecify.annotations.NullMarked;
