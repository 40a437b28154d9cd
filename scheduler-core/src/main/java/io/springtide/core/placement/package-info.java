/** Where instances go, and why some of them wait. */
@NullMarked
package io.springtide.core.placement;

import org.jspecify.annotations.NullMarked;
