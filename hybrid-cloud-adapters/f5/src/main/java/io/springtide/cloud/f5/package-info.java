/** Drives F5 BIG-IP by AS3 and iControl. */
@NullMarked
package io.springtide.cloud.f5;

import org.jspecify.annotations.NullMarked;
