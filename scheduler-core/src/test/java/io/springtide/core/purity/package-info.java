/** What the core must not do, done on purpose. */
@NullMarked
package io.springtide.core.purity;

import org.jspecify.annotations.NullMarked;
