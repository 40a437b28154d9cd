/** How to share out GPUs so that what stays idle can still be used. */
@NullMarked
package io.springtide.core.placement.gpu;

import org.jspecify.annotations.NullMarked;
